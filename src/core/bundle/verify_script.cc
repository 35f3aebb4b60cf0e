// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/texts.h"

#include <string>

namespace attacca::core {
namespace {

constexpr std::string_view script_begin = R"sh(#!/usr/bin/env bash
# Checks a bundle of evidence. Needs bash, coreutils, xxd and openssl 3; nothing of Attacca.
#
# usage: bash verify.sh [--key VKEY] [--anchor CHECKPOINT] [--tsa-ca PEM] [DIR]
#
# VKEY is the ledger's verifier key as you have it from elsewhere; without it the one in policy.txt
# is believed. CHECKPOINT is a file with a signed checkpoint that you kept. DIR is the unpacked
# bundle, by default where this script lies. PEM holds the certificates of authorities whose time
# stamps you trust; without it only what the stamps are of is checked.
# exit status: 0 good, 1 contradiction, 2 incomplete, 3 another key or ledger, 4 fork or rollback,
# 64 usage
set -eu -o pipefail
export LC_ALL=C
shopt -s globstar nullglob dotglob

key='' anchor='' dir='' tsa=''
while [ $# -gt 0 ]; do
    case $1 in
        --key) key=${2-}; shift 2 || exit 64 ;;
        --anchor) anchor=$(realpath -- "${2-}"); shift 2 || exit 64 ;;
        --tsa-ca) tsa=$(realpath -- "${2-}"); shift 2 || exit 64 ;;
        -*) sed -n 's/^# usage/usage/p' "$0"; exit 64 ;;
        *) dir=$1; shift ;;
    esac
done
cd -- "${dir:-$(dirname -- "$0")}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

worst=0
ranks=(0 4 1 2 3)  # 1 outweighs 4, that 3, that 2
bad() {  # STATUS CODE TEXT
    printf 'FAIL %s %s\n' "$2" "$3"
    if [ "${ranks[$1]}" -gt "${ranks[$worst]}" ]; then worst=$1; fi
}
hexsum() { xxd -r -p | sha256sum | cut -c1-64; }
unhex64() { printf %s "$1" | xxd -r -p | base64 -w0; }
hex_of() { printf %s "$1" | base64 -d 2>/dev/null | xxd -p -c 200; }
node() { printf '01%s%s' "$1" "$2" | hexsum; }
number='^(0|[1-9][0-9]{0,17})$'
hash64='^[A-Za-z0-9+/]{43}=$'

# --- 1. The list of files: each as it says, and no other ---
declare -A listed=() digest=()
while IFS= read -r line; do
    if [[ ! $line =~ ^([0-9a-f]{64})\ \ ([A-Za-z0-9_-][A-Za-z0-9._/-]*)$ ]] ||
        [[ ${BASH_REMATCH[2]} == *..* || ${BASH_REMATCH[2]} == MANIFEST.txt ]]; then
        bad 1 E_MANIFEST "MANIFEST.txt has a malformed line"
        continue
    fi
    listed[${BASH_REMATCH[2]}]=${BASH_REMATCH[1]}
done < MANIFEST.txt
for file in **/*; do
    [ -L "$file" ] && bad 1 E_MANIFEST "$file is a link"
    [ -f "$file" ] || continue
    [ "$file" = MANIFEST.txt ] && continue
    sum=$(sha256sum < "$file")
    digest[$file]=${sum:0:64}
    [ "${listed[$file]-}" ] || bad 1 E_MANIFEST "MANIFEST.txt does not name $file"
done
for file in "${!listed[@]}"; do
    if [ -z "${digest[$file]-}" ]; then
        case $file in
            records/*) bad 2 E_GAP "$file is missing" ;;
            *) bad 2 E_MISSING "$file is missing" ;;
        esac
    elif [ "${digest[$file]}" != "${listed[$file]}" ]; then
        bad 1 E_MANIFEST "$file was changed"
    fi
done
for file in checkpoint policy.txt custody.json custody.html VERIFY.md; do
    [ -f "$file" ] || { bad 2 E_MISSING "$file is missing"; }
done
if [ ! -f checkpoint ] || { [ ! -f policy.txt ] && [ -z "$key" ]; }; then exit "$worst"; fi

# --- 2. Signed notes ---
signed_by() {  # KEY_ID: whether $tmp/signature is its signature of $tmp/text
    openssl pkeyutl -verify -pubin -inkey "$tmp/$1.pem" -rawin -in "$tmp/text" \
        -sigfile "$tmp/signature" > "$tmp/out" 2>&1
}
# Takes a verifier key apart: vkey_name, vkey_id, and $tmp/<key id>.pem for openssl.
vkey_form='^([^ +]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$'
open_vkey() {  # VKEY
    local bytes named
    [[ $1 =~ $vkey_form ]] || return 1
    vkey_name=${BASH_REMATCH[1]} vkey_id=${BASH_REMATCH[2]} bytes=$(hex_of "${BASH_REMATCH[3]}")
    named=$( (printf '%s\n' "$vkey_name"; printf %s "$bytes" | xxd -r -p) | sha256sum)
    [ "${bytes:0:2}" = 01 ] && [ ${#bytes} = 66 ] && [ "${named:0:8}" = "$vkey_id" ] || return 1
    {
        echo '-----BEGIN PUBLIC KEY-----'
        printf '302a300506032b6570032100%s' "${bytes:2}" | xxd -r -p | base64
        echo '-----END PUBLIC KEY-----'
    } > "$tmp/$vkey_id.pem"
}
declare -A window_of=() seen_at=()
# Reads the note in FILE: sets note_origin, note_size, note_root (hexadecimal); false when it is
# not one that the key signed.
read_note() {  # FILE NAME
    local lines i text signature id from to
    mapfile -t lines < "$1"
    if [ "${#lines[@]}" -lt 5 ] || [[ ! ${lines[1]} =~ $number ]] ||
        [[ ! ${lines[2]} =~ $hash64 ]] || [ -n "${lines[3]}" ]; then
        bad 1 E_FORMAT "$2 is no signed checkpoint"
        return 1
    fi
    note_origin=${lines[0]} note_size=${lines[1]} note_root=$(hex_of "${lines[2]}")
    printf '%s\n' "${lines[@]:0:3}" > "$tmp/text"
    if [ "$note_origin" != "$key_name" ]; then
        bad 3 E_ORIGIN "$2 is of $note_origin and not of $key_name"
        return 1
    fi
    local has_signed=0
    for ((i = 4; i < ${#lines[@]}; ++i)); do
        if [[ ! ${lines[i]} =~ ^—\ ([^\ +]+)\ ([A-Za-z0-9+/]+=*)$ ]]; then
            bad 1 E_FORMAT "$2 has a malformed signature line"
            return 1
        fi
        [ "${BASH_REMATCH[1]}" = "$key_name" ] || continue
        signature=$(hex_of "${BASH_REMATCH[2]}")
        id=${signature:0:8}
        [ "$id" = "$key_id" ] || [ "${window_of[$id]-}" ] || continue
        printf %s "${signature:8}" | xxd -r -p > "$tmp/signature"
        if ! signed_by "$id"; then
            bad 1 E_SIG "the signature of $2 is not that of its key"
            return 1
        fi
        has_signed=1
        [ "$id" != "$key_id" ] || continue
        read -r from to <<< "${window_of[$id]}"
        if [ "$note_size" -le "$from" ] || [ "$note_size" -gt "$to" ]; then
            bad 3 E_KEYWINDOW "$2 is outside of the window of its key $id"
            return 1
        fi
    done
    if [ $has_signed = 0 ]; then
        bad 3 E_UNTRUSTED "the key did not sign $2"
        return 1
    fi
}

if [ -z "$key" ]; then
    while read -r word value _; do
        [ "$word" != log ] || { key=$value; break; }
    done < policy.txt
fi
if ! open_vkey "$key"; then
    bad 3 E_UNTRUSTED "there is no Ed25519 verifier key with its own id"
    exit "$worst"
fi
key_name=$vkey_name key_id=$vkey_id
if [ ! -f "keys/ledger-$key_id.pem" ]; then
    bad 2 E_MISSING "keys/ledger-$key_id.pem is missing"
elif ! cmp -s "keys/ledger-$key_id.pem" "$tmp/$key_id.pem"; then
    bad 3 E_UNTRUSTED "keys/ledger-$key_id.pem is not the key $key"
fi
# Keys that this key has delegated, each for a window of sizes.
for file in keys/*.delegation; do
    mapfile -t lines < "$file"
    printf '%s\n' "${lines[@]:0:7}" > "$tmp/text"
    if [ "${#lines[@]}" != 9 ] || [ "${lines[0]}" != attacca-delegation/1 ] ||
        [[ ! ${lines[3]} =~ $number ]] || [[ ! ${lines[4]} =~ $number ]] ||
        [ "${lines[3]}" -ge "${lines[4]}" ] || [[ ! ${lines[5]} =~ $hash64 ]] ||
        [ -n "${lines[7]}" ] || [[ ! ${lines[8]} =~ ^—\ ([^\ +]+)\ ([A-Za-z0-9+/]+=*)$ ]]; then
        bad 1 E_FORMAT "$file is no delegation"
        continue
    fi
    signature=$(hex_of "${BASH_REMATCH[2]}")
    printf %s "${signature:8}" | xxd -r -p > "$tmp/signature"
    if [ "${BASH_REMATCH[1]}" != "$key_name" ] || [ "${signature:0:8}" != "$key_id" ] ||
        ! signed_by "$key_id" || ! open_vkey "${lines[2]}" || [ "$vkey_name" != "$key_name" ] ||
        [ "${lines[1]}" != "$key_name" ] || [ "$file" != "keys/$vkey_id.delegation" ]; then
        bad 3 E_UNTRUSTED "$file is no delegation by the key $key"
        continue
    fi
    window_of[$vkey_id]="${lines[3]} ${lines[4]}" seen_at[${lines[3]}]=$(hex_of "${lines[5]}")
done
read_note checkpoint "the checkpoint" || exit "$worst"
origin=$note_origin size=$note_size root=$note_root
for place in "${!seen_at[@]}"; do
    [ "$place" -le "$size" ] || bad 4 E_ROLLBACK "a key was delegated at size $place"
    [ "$place" != "$size" ] || [ "${seen_at[$place]}" = "$root" ] ||
        bad 4 E_FORK "another root was seen when a key was delegated"
done

# --- 3. Each record: its place, its chain, its proof ---
entity='' tenant='' seal='' in_force='' last_t='' next=0 is_final=0 link='' count=0
declare -A wanted=()
record_form='^\{"@":"attacca-evidence/1","act":"([^"\\]|\\.)*",("art":\[.*\],)?'
record_form+='"ent":"([^"\\]+)","eseq":([0-9]+),"gseq":([0-9]+),"n":"[A-Za-z0-9+/]{22}==",'
record_form+='"org":"([^"\\]+)","p":\{.*\},"prev":"([A-Za-z0-9+/]{43}=)","res":"'
tail_form='"t":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z)","ten":"([^"\\]+)","tgt":"'

seal_form='"seal":"([0-9a-f-]{36})","sem":'
named_form='"(d":"sha256:|(definition|details_body|kept_body|output_body|body)":")([0-9a-f]{64})"'

check_proof() {  # GSEQ LEAF FILE RECORD
    local file=$3 lines i blank=0 fn=$1 sn=$((size - 1)) r=$2 h
    if [ ! -f "$file" ]; then bad 2 E_MISSING "$file is missing"; return 0; fi
    mapfile -t lines < "$file"
    if [ "${lines[0]-}" != 'c2sp.org/tlog-proof@v1' ] || [ "${lines[1]-}" != "index $1" ] ||
        [ "$fn" -gt "$sn" ]; then
        bad 1 E_PROOF "$file is no proof of this record"
        return 0
    fi
    for ((i = 2; i < ${#lines[@]}; ++i)); do
        [ -n "${lines[i]}" ] || { blank=$i; break; }
        [[ ${lines[i]} =~ $hash64 ]] || { bad 1 E_PROOF "$file has a malformed hash"; return 0; }
    done
    printf '%s\n' "${lines[@]:blank+1}" > "$tmp/note"
    if [ $blank = 0 ] || ! cmp -s "$tmp/note" checkpoint; then
        bad 1 E_PROOF "$file is of another checkpoint"
        return 0
    fi
    for ((i = 2; i < blank; ++i)); do
        h=$(hex_of "${lines[i]}")
        [ $sn -gt 0 ] || { bad 1 E_PROOF "$file has too many hashes"; return 0; }
        if ((fn & 1)) || [ $fn = $sn ]; then
            r=$(node "$h" "$r")
            while ((fn && !(fn & 1))); do fn=$((fn >> 1)) sn=$((sn >> 1)); done
        else
            r=$(node "$r" "$h")
        fi
        fn=$((fn >> 1)) sn=$((sn >> 1))
    done
    if [ $sn != 0 ] || [ "$r" != "$root" ]; then
        bad 1 E_LEAF "$4 and its proof do not lead to the signed root"
    fi
}

# A ledger that was restored from an older copy goes on as ORIGIN/2, then ORIGIN/3.
former() {  # ORIGIN LATER
    local base=${2%/*} n=${2##*/} part='^[1-9][0-9]{0,5}$' m=${1##*/}
    [[ $2 == */* && $n =~ $part && $n -ge 2 ]] || return 1
    if [ "$1" = "$base" ]; then
        [[ $1 != */* || ! $m =~ $part ]]
    else
        [[ $1 == "$base/$m" && $m =~ $part && $m -lt $n ]]
    fi
}

check_record() {  # GSEQ
    local file=records/$1.json rec leaf expected rest
    IFS= read -r -d '' rec < "$file" || true
    leaf=$( (printf '\0'; cat "$file") | sha256sum | cut -c1-64)
    check_proof "$1" "$leaf" "proofs/$1.tlog-proof" "$file"
    if [[ ! $rec =~ $record_form ]]; then bad 1 E_FORMAT "$file is no record"; return 0; fi
    local e=${BASH_REMATCH[3]} eseq=${BASH_REMATCH[4]} gseq=${BASH_REMATCH[5]}
    local org=${BASH_REMATCH[6]} prev=${BASH_REMATCH[7]}
    if [[ ! $rec =~ $tail_form ]]; then bad 1 E_FORMAT "$file is no record"; return 0; fi
    local t=${BASH_REMATCH[1]} ten=${BASH_REMATCH[2]}
    if former "$org" "$origin" && { [ -z "$in_force" ] || former "$in_force" "$org"; } ||
        [ "$org" = "$origin" ]; then
        in_force=$org
    fi
    [ "$org" = "$in_force" ] || bad 3 E_ORIGIN "$file is of the ledger $org"
    [ "$gseq" = "$1" ] || bad 1 E_SEQ "$file says that it is record $gseq"
    entity=${entity:-$e} tenant=${tenant:-$ten}
    [ "$e" = "$entity" ] || bad 1 E_SEQ "$file is of $e and not of $entity"
    [ "$ten" = "$tenant" ] || bad 1 E_TENANT "$file is of the tenant $ten"
    [[ ! $t < $last_t ]] || bad 2 E_TIME "$file is older than the record before it"
    last_t=$t
    [ $is_final = 0 ] || bad 1 E_FINAL "$file stands behind the end of $entity"
    if [ "$eseq" -gt "$next" ]; then
        bad 2 E_GAP "before $file $((eseq - next)) records of $entity are missing"
    elif [ "$eseq" -lt "$next" ]; then
        bad 1 E_CHAIN "$file says that it is number $eseq of $entity, as one before it did"
    else
        expected=$link
        [ "$eseq" != 0 ] || expected=$(printf 'attacca-evidence/1 genesis\n%s\n%s\n%s\n' "$org" \
            "$ten" "$e" | openssl dgst -sha256 -binary | base64 -w0)
        [ "$prev" = "$expected" ] || bad 1 E_CHAIN "$file does not follow the record before it"
    fi
    [[ ! $rec =~ $seal_form ]] || seal=${BASH_REMATCH[1]}
    next=$((eseq + 1)) link=$(unhex64 "$leaf") count=$((count + 1))
    [[ $rec != *'"p":{'*'"fin":true'*'},"prev":"'* ]] || is_final=1
    rest=$rec
    while [[ $rest =~ $named_form ]]; do
        wanted[${BASH_REMATCH[3]}]=$1
        rest=${rest#*"${BASH_REMATCH[0]}"}
    done
}

places=()
for file in records/*.json proofs/*.tlog-proof; do
    place=${file#*/} place=${place%%.*}
    if [[ $place =~ $number ]]; then places+=("$place"); else bad 1 E_MANIFEST "what is $file?"; fi
done
[ ${#places[@]} -gt 0 ] || bad 2 E_GAP "there are no records"
while read -r place; do
    [ -n "$place" ] || continue
    if [ -f "records/$place.json" ]; then
        check_record "$place"
    else
        bad 2 E_GAP "records/$place.json is missing"
    fi
done < <(printf '%s\n' "${places[@]}" | sort -nu)

)sh";

}  // namespace

std::string_view verify_script() {
    static const std::string script = std::string(script_begin) + std::string(verify_script_end());
    return script;
}

}  // namespace attacca::core
