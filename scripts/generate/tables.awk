# tables -- reads what tables.c prints: cell[block, row, column], rows[block];
# and what all the generators need.

BEGIN {
    FS = "\t"
}

function fail(what) {
    print "generate: " what > "/dev/stderr"
    failed = 1
}

function read_table(   i) {
    if ($0 ~ /^@/) {
        block = substr($0, 2)
        rows[block] = -1
        return
    }
    if (++rows[block] == 0) {
        for (i = 1; i <= NF; i++)
            column[i] = $i
        return
    }
    for (i = 1; i <= NF; i++)
        cell[block, rows[block], column[i]] = $i
}

function option(i, what) {
    return cell["options", i, what]
}

# All names of a block, each behind a blank.
function names_of(block,   i, names) {
    for (i = 1; i <= rows[block]; i++)
        names = names " " cell[block, i, "name"]
    return names
}

# The words that a value is or is made of; none for numbers of a range.
function words_of(i,   name, choices) {
    name = option(i, "name")
    choices = option(i, "choices")
    if (name == "help" || name == "h")
        return "all" names_of("topics")
    if (name == "report")
        return substr(names_of("formats"), 2)
    if (name == "fields")
        return "all default" names_of("fields")
    if (name == "expect")
        return substr(names_of("fields"), 2)
    return choices == "-" || choices ~ /\.\./ ? "" : choices
}

# How a value is completed: none, flag, files, folders, secret, report, fields,
# words, or list (words between commas).
function way_of(i,   name, kind) {
    name = option(i, "name")
    kind = option(i, "kind")
    if (name == "help" || name == "h")
        return "topic"
    if (name == "report" || name == "fields")
        return name
    if (kind == "flag" || kind == "secret")
        return kind
    if (kind == "file" || kind == "outfile")
        return "files"
    if (kind == "dir")
        return "folders"
    if (words_of(i) != "")
        return kind == "list" ? "list" : "words"
    return "none"
}
