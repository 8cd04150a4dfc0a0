# The words up to the cursor as words=(...), joined again where readline split
# them at an equals sign or a colon.
_tlsfleet_split() {
    local i word line=${COMP_LINE:0:COMP_POINT}
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i == 0)) || [[ $line == [[:blank:]]* ]]; then
            words+=('')
            line=${line#"${line%%[![:blank:]]*}"}
        fi
        ((i < COMP_CWORD)) || word=$line # as far as the cursor
        words[-1]+=$word
        line=${line#"$word"}
    done
}

_tlsfleet_is_in() {
    [[ $1 == *" $2 "* ]]
}

# Candidates for $cur out of words, each with a text before it.
_tlsfleet_offer() {
    local before=$1 value=$2
    shift 2
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$*" -- "$value")
}

# Lists: the item behind the last comma; -name of a field leaves it out.
_tlsfleet_offer_list() {
    local before=$1 value=$2 item=${2##*,}
    shift 2
    if [[ $item == -* && $name == fields ]]; then
        before+=${value%"$item"}-
        item=${item#-}
    else
        before+=${value%"$item"}
    fi
    compopt -o nospace
    _tlsfleet_offer "$before" "$item" "$@"
}

_tlsfleet_secret() {
    local before=$1 value=$2
    case $value in
    env:*) mapfile -t COMPREPLY < <(compgen -P "${before}env:" -v -- "${value#env:}") ;;
    file:*) compopt -o default ;;
    *)
        compopt -o nospace
        _tlsfleet_offer "$before" "$value" pass: env: file: fd: stdin
        ;;
    esac
}

# The value of option $name as far as it is there; "before" is what stands before
# it in the same word.
_tlsfleet_value() {
    local before=$1 value=$2
    if [[ $name == report && $value == *=* ]] || _tlsfleet_is_in "$_tlsfleet_files" "$name"; then
        compopt -o default
    elif _tlsfleet_is_in "$_tlsfleet_folders" "$name"; then
        compopt -o dirnames
    elif [[ $name == report ]]; then
        _tlsfleet_offer "$before" "$value" "$_tlsfleet_formats"
    elif [[ $name == fields ]]; then
        _tlsfleet_offer_list "$before" "$value" "$_tlsfleet_fields"
    elif _tlsfleet_is_in "$_tlsfleet_secrets" "$name"; then
        _tlsfleet_secret "$before" "$value"
    elif _tlsfleet_is_in "$_tlsfleet_lists" "$name"; then
        _tlsfleet_offer_list "$before" "$value" "$(_tlsfleet_words "$name")"
    else
        _tlsfleet_offer "$before" "$value" "$(_tlsfleet_words "$name")"
    fi
}

# True when the word is an option that takes a value: $name.
_tlsfleet_takes_value() {
    local word=${1%%=*}
    [[ $word == -* ]] || return 1
    name=${word#-}
    name=${name#-}
    _tlsfleet_is_in "$_tlsfleet_options" "$name" &&
        ! _tlsfleet_is_in "$_tlsfleet_flags" "$name"
}

# Readline puts in only what stands behind its last break.
_tlsfleet_trim() {
    local cur=$1 i broken
    broken=${cur%"${cur##*[=:]}"}
    for i in "${!COMPREPLY[@]}"; do
        COMPREPLY[i]=${COMPREPLY[i]#"$broken"}
    done
}

_tlsfleet() {
    local IFS=$' \t\n' words cur last='' name dashes
    COMPREPLY=()
    _tlsfleet_split
    cur=${words[-1]}
    ((${#words[@]} < 2)) || last=${words[-2]}
    compopt +o default
    if [[ $last =~ ^--?(help|h)$ && $cur != -* ]]; then
        _tlsfleet_offer '' "$cur" "$_tlsfleet_topics"
    elif [[ $last != *=* ]] && _tlsfleet_takes_value "$last"; then
        _tlsfleet_value '' "$cur"
    elif [[ $cur == *=* ]] && _tlsfleet_takes_value "$cur"; then
        _tlsfleet_value "${cur%%=*}=" "${cur#*=}"
    elif [[ $cur == -* ]]; then
        dashes=${cur%%[!-]*}
        _tlsfleet_offer "$dashes" "${cur#"$dashes"}" "$_tlsfleet_options"
    else
        mapfile -t COMPREPLY < <(compgen -A hostname -- "$cur")
    fi
    _tlsfleet_trim "$cur"
}

complete -o default -F _tlsfleet tlsfleet
