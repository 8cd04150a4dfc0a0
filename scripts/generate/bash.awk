# bash -- what completion.bash needs to know: bash.awk TABLES.tsv

{
    read_table()
}

END {
    print "# What there is to complete; made from the program's tables."
    put_names("options", "")
    put_names("flags", "flag")
    put_names("files", "files")
    put_names("folders", "folders")
    put_names("secrets", "secret")
    put_names("lists", "list")
    print "_tlsfleet_topics='" words_named("help") "'"
    print "_tlsfleet_formats='" words_named("report") "'"
    print "_tlsfleet_fields='" words_named("fields") "'"
    print ""
    print "_tlsfleet_words() {"
    print "    case $1 in"
    for (i = 1; i <= rows["options"]; i++)
        if (way_of(i) == "words" || way_of(i) == "list")
            print "    " option(i, "name") ") echo '" words_of(i) "' ;;"
    print "    esac"
    print "}"
    print ""
    exit failed
}

# The names of options whose values are completed in one way; "": of all.
function put_names(name, way,   i, names) {
    for (i = 1; i <= rows["options"]; i++)
        if (way == "" || way_of(i) == way)
            names = names " " option(i, "name")
    print "_tlsfleet_" name "='" names " '"
}

function words_named(name,   i) {
    for (i = 1; i <= rows["options"]; i++)
        if (option(i, "name") == name)
            return words_of(i)
}
