# zsh -- the completion of zsh: zsh.awk TABLES.tsv

{
    read_table()
}

END {
    print "#compdef tlsfleet"
    print ""
    print "_tlsfleet_secret() {"
    print "    if compset -P 'file:'; then"
    print "        _files"
    print "    elif compset -P 'env:'; then"
    print "        _parameters -g '*export*'"
    print "    else"
    print "        compadd -S '' pass: env: file: fd:"
    print "        compadd stdin"
    print "    fi"
    print "}"
    print ""
    print "_tlsfleet_report() {"
    print "    if compset -P '*='; then"
    print "        _files"
    print "    else"
    print "        compadd - " names_of("formats")
    print "    fi"
    print "}"
    print ""
    print "_tlsfleet_fields() {"
    print "    compset -P '*,'"
    print "    compset -P -"
    print "    compadd -S ',' -q - all default" names_of("fields")
    print "}"
    print ""
    print "_arguments \\"
    for (i = 1; i <= rows["options"]; i++)
        print "    " spec(i) " \\"
    print "    '*:target:_hosts'"
    exit failed
}

function escaped(text) {
    gsub(/\\/, "\\\\\\\\", text)
    gsub(/\[/, "\\[", text)
    gsub(/\]/, "\\]", text)
    gsub(/:/, "\\:", text)
    gsub(/'/, "'\\''", text)
    return text
}

function spec(i,   name, way, value) {
    name = option(i, "name")
    way = way_of(i)
    value = way == "flag" ? "" : way == "topic" ? "::topic:" action(i, way) : \
        ":" escaped(option(i, "argname")) ":" action(i, way)
    return many(i, name) "{-" name ",--" name "}" \
        (way == "flag" || way == "topic" ? "" : "=") \
        "'[" escaped(option(i, "help")) "]" value "'"
}

# What counts once is not offered again.
function many(i, name) {
    return option(i, "traits") ~ /many/ ? "'*'" : "'(-" name " --" name ")'"
}

function action(i, way) {
    if (way == "files")
        return "_files"
    if (way == "folders")
        return "_files -/"
    if (way == "secret" || way == "report" || way == "fields")
        return "_tlsfleet_" way
    if (way == "list")
        return "_values -s , " option(i, "argname") " " words_of(i)
    return way == "none" ? " " : "(" words_of(i) ")"
}
