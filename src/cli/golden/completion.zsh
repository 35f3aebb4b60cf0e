# attacca completion for zsh
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
# attacca completion for bash
_attacca() {
    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
    local first="" second="" i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "${COMP_WORDS[i]}" in
            --output|-o|--data|--server|--token-file|--tenant|--config|--progress|--color|--time) i=$((i + 1))  # its value
               if [ "${COMP_WORDS[i]}" = "=" ]; then i=$((i + 1)); fi;;
            -*) ;;
            *) if [ -z "$first" ]; then first="${COMP_WORDS[i]}"
               elif [ -z "$second" ]; then second="${COMP_WORDS[i]}"; fi;;
        esac
    done
    COMPREPLY=()
    case "$first $before" in
        run\ --param|run\ -p) COMPREPLY=(); return;;
        run\ --params) COMPREPLY=($(compgen -f -- "$word")); return;;
        run\ --wait) COMPREPLY=(); return;;
        run\ --priority) COMPREPLY=($(compgen -W "high medium low" -- "$word")); return;;
        run\ --slots) COMPREPLY=(); return;;
        run\ --idempotency-key) COMPREPLY=(); return;;
        graph\ --output|graph\ -o) COMPREPLY=($(compgen -W "text mermaid svg json jsonl" -- "$word")); return;;
        graph\ --width) COMPREPLY=(); return;;
        jobs\ --status) COMPREPLY=($(compgen -W "queued scheduled running paused completed failed cancelled" -- "$word")); return;;
        jobs\ --type) COMPREPLY=($(compgen -W "run http scan test task job wait approve notify group noop" -- "$word")); return;;
        jobs\ --waiting-for) COMPREPLY=($(compgen -W "approval" -- "$word")); return;;
        jobs\ --tag) COMPREPLY=(); return;;
        jobs\ --text) COMPREPLY=(); return;;
        jobs\ --since) COMPREPLY=(); return;;
        jobs\ --limit) COMPREPLY=(); return;;
        jobs\ --cursor) COMPREPLY=(); return;;
        jobs\ --wait) COMPREPLY=(); return;;
        jobs\ --node) COMPREPLY=(); return;;
        jobs\ --stream) COMPREPLY=($(compgen -W "stdout stderr" -- "$word")); return;;
        jobs\ --attempt) COMPREPLY=(); return;;
        jobs\ --tail) COMPREPLY=(); return;;
        jobs\ --node) COMPREPLY=(); return;;
        jobs\ --item) COMPREPLY=(); return;;
        jobs\ --attempt) COMPREPLY=(); return;;
        jobs\ --node) COMPREPLY=(); return;;
        jobs\ --item) COMPREPLY=(); return;;
        jobs\ --attempt) COMPREPLY=(); return;;
        jobs\ --out) COMPREPLY=($(compgen -f -- "$word")); return;;
        jobs\ --comment) COMPREPLY=(); return;;
        jobs\ --comment) COMPREPLY=(); return;;
        jobs\ --node) COMPREPLY=(); return;;
        tests\ --node) COMPREPLY=(); return;;
        tests\ --status) COMPREPLY=($(compgen -W "passed failed error skipped" -- "$word")); return;;
        tests\ --limit) COMPREPLY=(); return;;
        workflows\ --limit) COMPREPLY=(); return;;
        workflows\ --after) COMPREPLY=(); return;;
        workflows\ --version) COMPREPLY=(); return;;
        workflows\ --from) COMPREPLY=(); return;;
        workflows\ --to) COMPREPLY=(); return;;
        workflows\ --param|workflows\ -p) COMPREPLY=(); return;;
        workflows\ --version) COMPREPLY=(); return;;
        workflows\ --idempotency-key) COMPREPLY=(); return;;
        schedules\ --limit) COMPREPLY=(); return;;
        schedules\ --after) COMPREPLY=(); return;;
        schedules\ --cron) COMPREPLY=(); return;;
        schedules\ --timezone) COMPREPLY=(); return;;
        schedules\ --every) COMPREPLY=(); return;;
        schedules\ --at) COMPREPLY=(); return;;
        schedules\ --workflow) COMPREPLY=(); return;;
        schedules\ --param|schedules\ -p) COMPREPLY=(); return;;
        schedules\ --overlap) COMPREPLY=($(compgen -W "skip queue cancel_running allow" -- "$word")); return;;
        schedules\ --catch-up) COMPREPLY=($(compgen -W "skip once all" -- "$word")); return;;
        schedules\ --window) COMPREPLY=(); return;;
        schedules\ --count) COMPREPLY=(); return;;
        schedules\ --from) COMPREPLY=(); return;;
        schedules\ --to) COMPREPLY=(); return;;
        worker\ --lane) COMPREPLY=(); return;;
        worker\ --capability) COMPREPLY=(); return;;
        worker\ --slots) COMPREPLY=(); return;;
        worker\ --name) COMPREPLY=(); return;;
        worker\ --ttl) COMPREPLY=(); return;;
        dispatch\ --core) COMPREPLY=(); return;;
        dispatch\ --priority) COMPREPLY=(); return;;
        dispatch\ --timeout) COMPREPLY=(); return;;
        dispatch\ --metadata) COMPREPLY=(); return;;
        breakers\ --limit) COMPREPLY=(); return;;
        breakers\ --after) COMPREPLY=(); return;;
        breakers\ --reason) COMPREPLY=(); return;;
        breakers\ --reason) COMPREPLY=(); return;;
        breakers\ --reason) COMPREPLY=(); return;;
        dlq\ --cause) COMPREPLY=($(compgen -W "poison exhausted" -- "$word")); return;;
        dlq\ --node) COMPREPLY=(); return;;
        dlq\ --name) COMPREPLY=(); return;;
        dlq\ --limit) COMPREPLY=(); return;;
        dlq\ --after) COMPREPLY=(); return;;
        dlq\ --cause) COMPREPLY=($(compgen -W "poison exhausted" -- "$word")); return;;
        dlq\ --node) COMPREPLY=(); return;;
        dlq\ --name) COMPREPLY=(); return;;
        dlq\ --cause) COMPREPLY=($(compgen -W "poison exhausted" -- "$word")); return;;
        dlq\ --node) COMPREPLY=(); return;;
        dlq\ --name) COMPREPLY=(); return;;
        dlq\ --reason) COMPREPLY=(); return;;
        evidence\ --matter) COMPREPLY=(); return;;
        evidence\ --by) COMPREPLY=(); return;;
        evidence\ --matter) COMPREPLY=(); return;;
        evidence\ --by) COMPREPLY=(); return;;
        evidence\ --reason) COMPREPLY=(); return;;
        evidence\ --by) COMPREPLY=(); return;;
        evidence\ --out) COMPREPLY=($(compgen -f -- "$word")); return;;
        evidence\ --anchor) COMPREPLY=($(compgen -f -- "$word")); return;;
        evidence\ --by) COMPREPLY=(); return;;
        evidence\ --reason) COMPREPLY=(); return;;
        evidence\ --anchor-file) COMPREPLY=($(compgen -f -- "$word")); return;;
        evidence\ --witness) COMPREPLY=(); return;;
        evidence\ --policy) COMPREPLY=($(compgen -f -- "$word")); return;;
        audit\ --actor) COMPREPLY=(); return;;
        audit\ --entity) COMPREPLY=(); return;;
        audit\ --type) COMPREPLY=(); return;;
        audit\ --result) COMPREPLY=($(compgen -W "success failure" -- "$word")); return;;
        audit\ --from) COMPREPLY=(); return;;
        audit\ --to) COMPREPLY=(); return;;
        audit\ --limit) COMPREPLY=(); return;;
        audit\ --after) COMPREPLY=(); return;;
        audit\ --actor) COMPREPLY=(); return;;
        audit\ --entity) COMPREPLY=(); return;;
        audit\ --type) COMPREPLY=(); return;;
        audit\ --result) COMPREPLY=($(compgen -W "success failure" -- "$word")); return;;
        audit\ --from) COMPREPLY=(); return;;
        audit\ --to) COMPREPLY=(); return;;
        audit\ --view) COMPREPLY=($(compgen -W "plain pci-dss soc2" -- "$word")); return;;
        audit\ --format) COMPREPLY=($(compgen -W "csv json jsonl" -- "$word")); return;;
        audit\ --out) COMPREPLY=($(compgen -f -- "$word")); return;;
        evidence\ --tsa) COMPREPLY=(); return;;
        evidence\ --tsa-ca) COMPREPLY=($(compgen -f -- "$word")); return;;
        tenants\ --weight) COMPREPLY=(); return;;
        tenants\ --max-concurrency) COMPREPLY=(); return;;
        tenants\ --max-queued) COMPREPLY=(); return;;
        tenants\ --rate-limit) COMPREPLY=(); return;;
        tenants\ --start-rate) COMPREPLY=(); return;;
        tenants\ --jobs-per-day) COMPREPLY=(); return;;
        tenants\ --slot-seconds-per-day) COMPREPLY=(); return;;
        top\ --interval) COMPREPLY=(); return;;
        serve\ --listen) COMPREPLY=(); return;;
        serve\ --slots) COMPREPLY=(); return;;
        serve\ --error-threshold) COMPREPLY=(); return;;
        serve\ --error-window) COMPREPLY=(); return;;
        serve\ --breaker-delay) COMPREPLY=(); return;;
        serve\ --lane-quiet) COMPREPLY=(); return;;
        serve\ --retention) COMPREPLY=(); return;;
        serve\ --retention-least) COMPREPLY=(); return;;
        serve\ --allow-private-http) COMPREPLY=($(compgen -W "yes no" -- "$word")); return;;
        serve\ --log-level) COMPREPLY=($(compgen -W "debug info warning error critical" -- "$word")); return;;
        serve\ --anchor-file) COMPREPLY=($(compgen -f -- "$word")); return;;
        serve\ --witness) COMPREPLY=(); return;;
        serve\ --policy) COMPREPLY=($(compgen -f -- "$word")); return;;
        witness\ --listen) COMPREPLY=(); return;;
        witness\ --log) COMPREPLY=(); return;;
        witness\ --name) COMPREPLY=(); return;;
        verify\ --anchor) COMPREPLY=($(compgen -f -- "$word")); return;;
        verify\ --policy) COMPREPLY=($(compgen -f -- "$word")); return;;
        verify\ --tsa-ca) COMPREPLY=($(compgen -f -- "$word")); return;;
        bench\ --jobs) COMPREPLY=(); return;;
        bench\ --window) COMPREPLY=(); return;;
    esac
    case "$before" in
        --output|-o) COMPREPLY=($(compgen -W "human json jsonl" -- "$word")); return;;
        --data) COMPREPLY=($(compgen -d -- "$word")); return;;
        --server) COMPREPLY=(); return;;
        --token-file) COMPREPLY=($(compgen -f -- "$word")); return;;
        --tenant) COMPREPLY=(); return;;
        --config) COMPREPLY=($(compgen -f -- "$word")); return;;
        --progress) COMPREPLY=($(compgen -W "auto tty plain jsonl none" -- "$word")); return;;
        --color) COMPREPLY=($(compgen -W "auto always never" -- "$word")); return;;
        --time) COMPREPLY=($(compgen -W "auto local utc relative iso" -- "$word")); return;;
    esac
    if [ -z "$first" ]; then
        COMPREPLY=($(compgen -W "run init validate graph schema jobs tests workflows schedules worker workers dispatch tasks import breakers dlq evidence audit keys tenants top serve witness verify doctor config bench completion version help --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
        return
    fi
    case "$first" in
        jobs) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list get why watch logs artifacts artifact cancel pause resume approve reject retry rerun" -- "$word")); return; fi; first="$first $second";;
        tests) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list" -- "$word")); return; fi; first="$first $second";;
        workflows) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list get apply diff versions start disable enable" -- "$word")); return; fi; first="$first $second";;
        schedules) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list get set next pause resume trigger backfill delete" -- "$word")); return; fi; first="$first $second";;
        worker) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "run" -- "$word")); return; fi; first="$first $second";;
        workers) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list" -- "$word")); return; fi; first="$first $second";;
        tasks) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "get cancel" -- "$word")); return; fi; first="$first $second";;
        import) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "orch-next" -- "$word")); return; fi; first="$first $second";;
        breakers) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list open close auto" -- "$word")); return; fi; first="$first $second";;
        dlq) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list show replay discard" -- "$word")); return; fi; first="$first $second";;
        evidence) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "hold release holds erase checkpoint show verify export restore timestamp" -- "$word")); return; fi; first="$first $second";;
        audit) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list export" -- "$word")); return; fi; first="$first $second";;
        keys) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list rotate" -- "$word")); return; fi; first="$first $second";;
        tenants) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "list get set" -- "$word")); return; fi; first="$first $second";;
        config) if [ -z "$second" ]; then COMPREPLY=($(compgen -W "show check" -- "$word")); return; fi; first="$first $second";;
    esac
    case "$first" in
        "run") COMPREPLY=($(compgen -W "--param -p --params --detach --wait --no-wait-approval --dry-run --priority --slots --idempotency-key --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -f -- "$word"));;
        "init") COMPREPLY=($(compgen -W "--force --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -f -- "$word"));;
        "validate") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -f -- "$word"));;
        "graph") COMPREPLY=($(compgen -W "--output -o --width --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -f -- "$word"));;
        "schema") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs list") COMPREPLY=($(compgen -W "--status --type --waiting-for --tag --text --since --limit --cursor --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs get") COMPREPLY=($(compgen -W "--events --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs why") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs watch") COMPREPLY=($(compgen -W "--wait --no-wait-approval --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs logs") COMPREPLY=($(compgen -W "--node --stream --attempt --follow -f --tail --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs artifacts") COMPREPLY=($(compgen -W "--node --item --attempt --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs artifact") COMPREPLY=($(compgen -W "--node --item --attempt --out --force --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs cancel") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs pause") COMPREPLY=($(compgen -W "--now --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs resume") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs approve") COMPREPLY=($(compgen -W "--comment --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs reject") COMPREPLY=($(compgen -W "--comment --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs retry") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "jobs rerun") COMPREPLY=($(compgen -W "--node --only --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "tests list") COMPREPLY=($(compgen -W "--node --status --limit --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "workflows list") COMPREPLY=($(compgen -W "--limit --after --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "workflows get") COMPREPLY=($(compgen -W "--version --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "workflows apply") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -f -- "$word"));;
        "workflows diff") COMPREPLY=($(compgen -W "--from --to --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "workflows versions") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "workflows start") COMPREPLY=($(compgen -W "--param -p --version --idempotency-key --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "workflows disable") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "workflows enable") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules list") COMPREPLY=($(compgen -W "--limit --after --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules get") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules set") COMPREPLY=($(compgen -W "--cron --timezone --every --at --workflow --param -p --overlap --catch-up --window --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules next") COMPREPLY=($(compgen -W "--count --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules pause") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules resume") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules trigger") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules backfill") COMPREPLY=($(compgen -W "--from --to --dry-run --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "schedules delete") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "worker run") COMPREPLY=($(compgen -W "--lane --capability --slots --name --ttl --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "workers list") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "dispatch") COMPREPLY=($(compgen -W "--core --stay --priority --timeout --metadata --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "tasks get") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "tasks cancel") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "import orch-next") COMPREPLY=($(compgen -W "--dry-run --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -f -- "$word"));;
        "breakers list") COMPREPLY=($(compgen -W "--limit --after --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "breakers open") COMPREPLY=($(compgen -W "--reason --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "breakers close") COMPREPLY=($(compgen -W "--reason --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "breakers auto") COMPREPLY=($(compgen -W "--reason --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "dlq list") COMPREPLY=($(compgen -W "--cause --node --name --limit --after --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "dlq show") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "dlq replay") COMPREPLY=($(compgen -W "--cause --node --name --all --dry-run --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "dlq discard") COMPREPLY=($(compgen -W "--cause --node --name --all --dry-run --reason --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence hold") COMPREPLY=($(compgen -W "--matter --by --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence release") COMPREPLY=($(compgen -W "--matter --by --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence holds") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence erase") COMPREPLY=($(compgen -W "--reason --by --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence checkpoint") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence show") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence verify") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence export") COMPREPLY=($(compgen -W "--out --anchor --force --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence restore") COMPREPLY=($(compgen -W "--by --reason --anchor-file --witness --policy --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "audit list") COMPREPLY=($(compgen -W "--actor --entity --type --result --from --to --all-tenants --limit --after --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "audit export") COMPREPLY=($(compgen -W "--actor --entity --type --result --from --to --all-tenants --view --format --out --force --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "evidence timestamp") COMPREPLY=($(compgen -W "--tsa --tsa-ca --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "keys list") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "keys rotate") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "tenants list") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "tenants get") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "tenants set") COMPREPLY=($(compgen -W "--weight --max-concurrency --max-queued --rate-limit --start-rate --jobs-per-day --slot-seconds-per-day --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "top") COMPREPLY=($(compgen -W "--once --interval --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "serve") COMPREPLY=($(compgen -W "--listen --slots --error-threshold --error-window --breaker-delay --lane-quiet --retention --retention-least --allow-private-http --log-level --anchor-file --witness --policy --check --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "witness") COMPREPLY=($(compgen -W "--listen --log --name --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "verify") COMPREPLY=($(compgen -W "--replay --strict --anchor --policy --tsa-ca --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -f -- "$word"));;
        "doctor") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "config show") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "config check") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -f -- "$word"));;
        "bench") COMPREPLY=($(compgen -W "--jobs --window --limits --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -W "lifecycle dag enqueue dispatch schedule" -- "$word"));;
        "completion") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            COMPREPLY+=($(compgen -W "bash zsh fish" -- "$word"));;
        "version") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
        "help") COMPREPLY=($(compgen -W " --output -o --data --server --token-file --tenant --config --progress --color --time --no-headers --quiet -q --verbose -v --help -h" -- "$word"))
            :;;
    esac
}
complete -o filenames -F _attacca attacca
