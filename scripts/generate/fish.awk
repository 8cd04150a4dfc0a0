# fish -- the completion of fish: fish.awk TABLES.tsv

{
    read_table()
}

END {
    print "complete -c tlsfleet -f -a '(__fish_print_hostnames)'"
    for (i = 1; i <= rows["options"]; i++) {
        name = option(i, "name")
        print "complete -c tlsfleet " (length(name) == 1 ? "-s " : "-o ") name \
            " -l " name " -d " quoted(option(i, "help")) value(i, way_of(i))
    }
    exit failed
}

function quoted(text) {
    gsub(/\\/, "\\\\\\\\", text)
    gsub(/'/, "\\'", text)
    return "'" text "'"
}

function value(i, way) {
    if (way == "flag")
        return ""
    if (way == "files")
        return " -r -F"
    if (way == "folders")
        return " -x -a '(__fish_complete_directories)'"
    if (way == "secret")
        return " -x -a 'pass: env: file: fd: stdin'"
    if (way == "fields" || way == "list")
        return " -x -a '(__fish_append , " words_of(i) ")'"
    if (way == "topic")
        return " -a '" words_of(i) "'"
    if (way == "report")
        return " -x -a '" words_of(i) "'"
    return " -x" (way == "none" ? "" : " -a '" words_of(i) "'")
}
