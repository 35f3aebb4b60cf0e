// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/texts.h"

// The second half of verify.sh: what stands around the records.

namespace attacca::core {
namespace {

constexpr std::string_view script_end = R"sh(# --- 4. What the records name ---
for hash in "${!wanted[@]}"; do
    [ -f "artifacts/$hash" ] ||
        bad 2 E_MISSING "artifacts/$hash of record ${wanted[$hash]} is missing"
done
for file in artifacts/*; do
    hash=${file#artifacts/}
    [ "${digest[$file]-}" = "$hash" ] || bad 1 E_ARTIFACT "$file was changed"
    [ -n "${wanted[$hash]-}" ] ||
        bad 2 E_MISSING "no record names $file: the one that does is missing"
done

# The record that the key of this sealed job was destroyed: of another entity, in the same tree.
erased_form='"ent":"erasure/([0-9a-f-]{36})",.*"gseq":([0-9]+),.*"ten":"([^"\\]+)",'
erased_form+='"tgt":"[^"\\]+","typ":"erased"}$'
for file in erased/*; do
    place=${file#*/} place=${place%%.*}
    if [[ ! $place =~ $number ]]; then bad 1 E_MANIFEST "what is $file?"; continue; fi
    if [ ! -f "erased/$place.json" ]; then bad 2 E_GAP "erased/$place.json is missing"; fi
    [ "$file" = "erased/$place.json" ] || continue
    leaf=$( (printf '\0'; cat "$file") | sha256sum | cut -c1-64)
    check_proof "$place" "$leaf" "erased/$place.tlog-proof" "$file"
    IFS= read -r -d '' rec < "$file" || true
    if [[ ! $rec =~ $record_form ]]; then bad 1 E_FORMAT "$file is no record"; continue; fi
    org=${BASH_REMATCH[6]}
    [ "$org" = "$origin" ] || former "$org" "$origin" || bad 3 E_ORIGIN "$file is of $org"
    if [[ ! $rec =~ $erased_form ]] || [ -z "$seal" ] || [ "${BASH_REMATCH[1]}" != "$seal" ] ||
        [ "${BASH_REMATCH[2]}" != "$place" ]; then
        bad 1 E_SEQ "$file is not the erasure of this job"
    elif [ "${BASH_REMATCH[3]}" != "$tenant" ]; then
        bad 1 E_TENANT "$file is of another tenant"
    fi
    erased=1
done

# --- 5. Earlier checkpoints ---
check_extension() {  # OLD_SIZE OLD_ROOT WHAT
    local file=consistency/$1-$size lines i blank=0 hashes=() fn=$(($1 - 1)) sn=$((size - 1)) fr sr
    if [ ! -f "$file" ]; then bad 2 E_MISSING "$file is missing"; return 0; fi
    mapfile -t lines < "$file"
    for ((i = 1; i < ${#lines[@]}; ++i)); do
        [ -n "${lines[i]}" ] || { blank=$i; break; }
        [[ ${lines[i]} =~ $hash64 ]] || { bad 1 E_PROOF "$file has a malformed hash"; return 0; }
        hashes+=("$(hex_of "${lines[i]}")")
    done
    printf '%s\n' "${lines[@]:blank+1}" > "$tmp/note"
    if [ "${lines[0]-}" != "old $1" ] || [ $blank = 0 ] || ! cmp -s "$tmp/note" checkpoint; then
        bad 1 E_PROOF "$file is of another checkpoint"
        return 0
    fi
    [ "$1" != 0 ] || return 0
    if [ "$1" = "$size" ]; then
        [ "$2" = "$root" ] && [ ${#hashes[@]} = 0 ] || bad 1 E_PROOF "$3 is another one"
        return 0
    fi
    ((($1 & ($1 - 1)) != 0)) || hashes=("$2" "${hashes[@]}")
    while ((fn & 1)); do fn=$((fn >> 1)) sn=$((sn >> 1)); done
    fr=${hashes[0]-} sr=$fr
    for ((i = 1; i < ${#hashes[@]}; ++i)); do
        [ $sn -gt 0 ] || { bad 1 E_PROOF "$file has too many hashes"; return 0; }
        if ((fn & 1)) || [ $fn = $sn ]; then
            fr=$(node "${hashes[i]}" "$fr") sr=$(node "${hashes[i]}" "$sr")
            while ((fn && !(fn & 1))); do fn=$((fn >> 1)) sn=$((sn >> 1)); done
        else
            sr=$(node "$sr" "${hashes[i]}")
        fi
        fn=$((fn >> 1)) sn=$((sn >> 1))
    done
    [ "$fr" = "$2" ] && [ "$sr" = "$root" ] && [ $sn = 0 ] ||
        bad 1 E_PROOF "$3 is not shown to be the beginning of this ledger"
}
declare -A old_root=()
for file in consistency/*.checkpoint; do
    read_note "$file" "$file" || continue
    old_root[$note_size]=$note_root
    [ "$file" = "consistency/$note_size.checkpoint" ] || bad 1 E_PROOF "$file is of another size"
    check_extension "$note_size" "$note_root" "$file"
done
for file in consistency/*-*; do
    place=${file#*/} place=${place%%-*}
    [ -f "consistency/$place.checkpoint" ] ||
        bad 2 E_MISSING "consistency/$place.checkpoint is missing"
done
if [ -n "$anchor" ] && read_note "$anchor" "the anchor"; then
    if [ "$note_size" -gt "$size" ]; then
        bad 4 E_ROLLBACK "the anchor is of size $note_size, the bundle of size $size"
    elif [ "$note_size" = "$size" ]; then
        [ "$note_root" = "$root" ] || bad 4 E_FORK "the anchor has another root at this size"
    elif [ -n "${old_root[$note_size]-}" ] && [ "${old_root[$note_size]}" != "$note_root" ]; then
        bad 4 E_FORK "the anchor has another root at size $note_size"
    else
        check_extension "$note_size" "$note_root" "the anchor"
    fi
fi

# --- 6. Time stamps ---
stamps=()
for file in timestamps/*; do
    place=${file#*/} place=${place%.*}
    stamps+=("$place")
done
while read -r place; do
    [ -n "$place" ] || continue
    base=timestamps/$place
    if [ ! -f "$base.text" ] || [ ! -f "$base.tsq" ] || [ ! -f "$base.tsr" ]; then
        bad 2 E_MISSING "a file of the time stamp of size $place is missing"
        continue
    fi
    of=consistency/$place.checkpoint
    [ "$place" != "$size" ] || of=checkpoint
    if [ ! -f "$of" ] || ! cmp -s "$base.text" <(head -n 3 -- "$of"); then
        bad 3 E_TSA "the time stamp of size $place is of no checkpoint that is here"
        continue
    fi
    imprint=$(sha256sum < "$base.text") imprint=${imprint:0:64}
    if [[ $(xxd -p "$base.tsr" | tr -d '\n') != *"$imprint"* ]] ||
        [[ $(xxd -p "$base.tsq" | tr -d '\n') != *"$imprint"* ]]; then
        bad 3 E_TSA "the time stamp of size $place is of another text"
        continue
    fi
    stated=$(openssl ts -reply -in "$base.tsr" -text 2> /dev/null | sed -n 's/^Time stamp: //p')
    if [ -n "$tsa" ]; then
        if ! at=$(date -ud "$stated" +%s 2> /dev/null) ||
            ! openssl ts -verify -queryfile "$base.tsq" -in "$base.tsr" -CAfile "$tsa" \
                -partial_chain -attime "$at" > "$tmp/out" 2>&1 ||
            ! openssl ts -verify -data "$base.text" -in "$base.tsr" -CAfile "$tsa" \
                -partial_chain -attime "$at" > "$tmp/out" 2>&1; then
            bad 3 E_TSA "no trusted authority made the time stamp of size $place"
            continue
        fi
    fi
    stamped="   time stamp: its first $place records existed at $stated"
    [ -n "$tsa" ] || stamped+=' (whose stamp: see --tsa-ca)'
done < <(printf '%s\n' "${stamps[@]}" | sort -nu)

if [ $worst != 0 ]; then exit $worst; fi
echo "OK $count records of $entity, tenant $tenant"
[ $is_final = 1 ] && echo "   the last one ends it" ||
    echo "   it had not ended: what came after the last record is not here"
[ -z "${erased-}" ] || echo "   erased: nobody can read what it was asked, and what it gave"
echo "   ledger $origin, $size records, root $(unhex64 "$root")"
echo "   key $key"
[ -z "${stamped-}" ] || echo "$stamped"
)sh";

}  // namespace

std::string_view verify_script_end() { return script_end; }

}  // namespace attacca::core
