# man -- a man page: man.awk TABLES.tsv TEXT.txt... PAGE.in
#
# TABLES is what tables.c prints.  A TEXT is man/options/<topic>.txt: for each
# option of the topic its name on a line of its own, then its text, indented; a
# blank line begins a paragraph.  PAGE is mdoc in which lines that begin with a
# full stop go through as they are, "@name@" stands for a table, and all else is
# prose.
#
# In prose "-name" is an option and must exist, "name(1)" a page, and `text` is
# shown as it is; "#" at the beginning of a line is a comment.  An option without
# a text, or a text without an option, is an error.

FNR == 1 {
    end_text()
    kind = FILENAME
    sub(/.*\./, "", kind)
    topic = FILENAME
    sub(/.*\//, "", topic)
    sub(/\..*/, "", topic)
}

kind == "tsv" { read_table(); note_option(); next }
kind == "txt" { read_text(); next }
kind == "in"  { put_line($0); next }

END {
    flush()
    exit failed
}

# ---- texts: text_of[option], topic_of[option]

function note_option() {
    if (block == "options" && rows[block] > 0)
        topic_of[$1] = option(rows[block], "topic")
}

function read_text() {
    if ($0 ~ /^#/)
        return
    if ($0 ~ /^[^ ]/) {
        end_text()
        name = $0
        sub(/^-/, "", name)
        if (!(name in topic_of))
            fail(FILENAME ": there is no option -" name)
        else if (topic_of[name] != topic)
            fail(FILENAME ": -" name " belongs to " topic_of[name])
        if (name in text_of)
            fail(FILENAME ": -" name " has two texts")
        text_of[name] = ""
    } else
        text_of[name] = text_of[name] ($0 ~ /^ *$/ ? " @p" : $0)
}

function end_text() {
    if (name == "")
        return
    if (text_of[name] ~ /^[ @p]*$/)
        fail("the text of -" name " is empty")
    sub(/( @p)+$/, "", text_of[name])
    name = ""
}

# ---- prose to mdoc

function flush() {
    if (line != "")
        print (line ~ /^[.']/ ? "\\&" : "") line
    line = ""
}

function plain(word) {
    gsub(/\\/, "\\e", word)
    if (length(line) + length(word) > 75)
        flush()
    line = line (line == "" ? "" : " ") word
    if (word ~ /[.!?]\)?$/)
        flush()
}

# A literal word that mdoc could take for a macro or a delimiter.
function guarded(word) {
    gsub(/\\/, "\\e", word)
    return (length(word) <= 3 || word ~ /^"/ ? "\\&" : "") word
}

# .NAME ( words ) . -- with what stands before and behind the words.
function macro(name, words, before, behind,   i, n, part, out) {
    flush()
    out = "." name (before == "" ? "" : " " before)
    n = split(words, part, " ")
    for (i = 1; i <= n; i++)
        out = out " " (name == "Ql" ? guarded(part[i]) : part[i])
    for (i = 1; i <= length(behind); i++)
        out = out " " substr(behind, i, 1)
    print out
}

function put_option(word,   before, behind) {
    before = word ~ /^\(/ ? "(" : ""
    sub(/^\(/, "", word)
    if (match(word, /[.,;:)]+$/)) {
        behind = substr(word, RSTART)
        word = substr(word, 1, RSTART - 1)
    }
    word = substr(word, 2)
    if (!(word in topic_of))
        fail("the text speaks of -" word ", which is no option")
    macro("Fl", word, before, behind)
}

# "page(1)".
function put_page(word,   behind) {
    match(word, /\([1-8]\)/)
    behind = substr(word, RSTART + 3)
    macro("Xr", substr(word, 1, RSTART - 1) " " substr(word, RSTART + 1, 1), "",
          behind)
}

# From words[i], which begins with a back quote, to the one that ends; returns
# its place.
function put_quoted(words, n, i,   all, before, behind) {
    for (all = words[i]; all !~ /`.*`/ && i < n; )
        all = all " " words[++i]
    before = all ~ /^\(/ ? "(" : ""
    sub(/^\(?`/, "", all)
    if (!match(all, /`[.,;:?!)]*$/))
        fail("no clear end of `" all)
    behind = substr(all, RSTART + 1)
    macro("Ql", substr(all, 1, RSTART - 1), before, behind)
    return i
}

function prose(text,   n, i, words) {
    n = split(text, words, " ")
    for (i = 1; i <= n; i++) {
        if (words[i] == "@p") {
            flush()
            print ".Pp"
        } else if (words[i] ~ /^\(?`/)
            i = put_quoted(words, n, i)
        else if (words[i] ~ /^\(?-[A-Za-z0-9]/)
            put_option(words[i])
        else if (words[i] ~ /^[a-z][A-Za-z0-9_-]*\([1-8]\)[.,;:]*$/)
            put_page(words[i])
        else
            plain(words[i])
    }
    flush()
}

function sentence(text) {
    prose(toupper(substr(text, 1, 1)) substr(text, 2) (text ~ /\.$/ ? "" : "."))
}

# ---- the page

function put_line(text) {
    if (text ~ /^\.Bd/)
        literal = 1
    if (text ~ /^\.Ed/)
        literal = 0
    if (literal || text ~ /^\./) {
        flush()
        print text
    } else if (text ~ /^@.*@$/)
        put_table(substr(text, 2, length(text) - 2))
    else if (text !~ /^#/)
        prose(text)
}

function put_table(which) {
    flush()
    if (which == "options")
        put_options()
    else if (which == "fields" || which == "cert_fields")
        put_fields(which)
    else if (which == "statuses")
        put_statuses()
    else if (which == "stages" || which == "topics" || which == "formats")
        put_names(which)
    else if (which == "codes")
        put_codes()
    else if (which == "host_class" || which == "command_only" || which == "alone")
        put_class(which)
    else
        fail("there is no table '" which "'")
}

function put_options(   t, i) {
    for (i = 1; i <= rows["options"]; i++)
        if (!(option(i, "name") in text_of))
            fail("man/options/" option(i, "topic") \
                 ".txt: no text for -" option(i, "name"))
    for (t = 1; t <= rows["topics"]; t++) {
        print ".Ss " cell["topics", t, "title"]
        print ".Bl -tag -width Ds"
        for (i = 1; i <= rows["options"]; i++)
            if (option(i, "topic") == cell["topics", t, "name"])
                put_one_option(i)
        print ".El"
    }
}

function put_one_option(i,   argname) {
    argname = option(i, "argname")
    print ".It Fl " option(i, "name") \
        (argname == "-" ? "" : " Ar " argname)
    sentence(option(i, "help"))
    prose(text_of[option(i, "name")])
    put_facts(i)
}

# What the table knows needs no text.
function put_facts(i) {
    put_choices(i)
    if (option(i, "traits") ~ /many/)
        prose("May be said several times; all count.")
    if (option(i, "scope") == "RUN")
        prose("Only on the command line.")
    else if (option(i, "host_class") == "yes")
        prose("Host class.")
    if (option(i, "needs") ~ /^OPENSSL_/)
        prose("Needs " phrase(option(i, "needs")) " or newer.")
    else if (option(i, "needs") != "NOTHING")
        prose("Refused where OpenSSL was built without " \
              phrase(option(i, "needs")) ".")
    if (option(i, "handler") == "refused") {
        print ".Em Always refused ,"
        print "as OpenSSL does with its client."
    }
}

function put_choices(i,   choices, range) {
    choices = option(i, "choices")
    if (choices == "-")
        return
    if (split(choices, range, /\.\./) == 2)
        prose("From " range[1] " to " range[2] ".")
    else {
        gsub(/ /, "` `", choices)
        prose((option(i, "kind") == "list" ? "Made of" : "One of") \
              " `" choices "`.")
    }
}

function phrase(need,   i) {
    for (i = 1; i <= rows["needs"]; i++)
        if (cell["needs", i, "name"] == need)
            return cell["needs", i, "phrase"]
    fail("there is no need '" need "'")
}

function put_fields(block,   i) {
    print ".Bl -tag -width Ds -compact"
    for (i = 1; i <= rows[block]; i++) {
        print ".It Va " cell[block, i, "name"]
        print "(" cell[block, i, "kind"] \
            (cell[block, i, "default"] == "yes" ? ", default" : "") \
            (cell[block, i, "volatile"] == "yes" ? ", volatile" : "") \
            (cell[block, i, "secret"] == "yes" ? ", secret" : "") ")"
        sentence(cell[block, i, "meaning"])
    }
    print ".El"
}

function put_statuses(   i) {
    print ".Bl -tag -width not_attempted -compact"
    for (i = 1; i <= rows["statuses"]; i++) {
        print ".It Cm " cell["statuses", i, "name"]
        sentence(cell["statuses", i, "meaning"])
    }
    print ".El"
}

function put_codes(   i) {
    print ".Bl -tag -width Ds -compact"
    for (i = 1; i <= rows["codes"]; i++) {
        print ".It Cm " cell["codes", i, "name"]
        print "(" cell["codes", i, "status"] \
            (cell["codes", i, "retried"] == "yes" ? ", tried again" : "") ")"
        sentence(cell["codes", i, "meaning"])
    }
    print ".El"
}

# "a, b and c." as macros.
function put_names(block,   i, n) {
    n = rows[block]
    for (i = 1; i <= n; i++)
        put_item("Cm", cell[block, i, "name"], n - i)
}

function is_in_class(i, which) {
    if (which == "command_only")
        return option(i, "scope") == "RUN"
    if (which == "host_class")
        return option(i, "scope") != "RUN" && option(i, "host_class") == "yes"
    return option(i, "traits") ~ /alone/
}

function put_class(which,   i, n, names) {
    for (i = 1; i <= rows["options"]; i++)
        if (is_in_class(i, which))
            names[++n] = option(i, "name")
    for (i = 1; i <= n; i++)
        put_item("Fl", names[i], n - i)
}

function put_item(name, word, left) {
    macro(name, word, "", left == 0 ? "." : left == 1 ? "" : ",")
    if (left == 1)
        print "and"
}
