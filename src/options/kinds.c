/* kinds -- how the value of each kind is read. */
#include "base/hostport.h"
#include "base/mem.h"
#include "base/text.h"
#include "room.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef bool read_fn(struct option_said *said, const struct option_word *word,
                     struct err *e);

const char *option_dash(const struct option_word *word)
{
    return word->from_yaml ? "" : "-";
}

enum { ITEM_SHOWN = 40 }; /* bytes of an item in a message */

/* What would be right, in two parts. */
static bool wrong(const struct option_word *word, const char *right,
                  const char *detail, struct err *e)
{
    return err_set(e, ERR_USAGE, "%s%s: '%.100s' is not %s%s",
                   option_dash(word), word->name, word->value, right, detail);
}

static bool empty(const struct option_word *word, struct err *e)
{
    return err_set(e, ERR_USAGE, "%s%s: the value is empty", option_dash(word),
                   word->name);
}

static bool keep_text(struct option_said *said, const char *text, struct err *e)
{
    said->text = mem_text(text);
    return said->text ? true : err_memory(e, "option value");
}

static bool read_flag(struct option_said *said, const struct option_word *word,
                      struct err *e)
{
    enum option_topic topic;

    if (!word->value)
        return true;
    if (word->from_yaml) {
        said->off = strcmp(word->value, "false") == 0;
        return said->off || strcmp(word->value, "true") == 0
               || wrong(word, "true or false", "", e);
    }
    if (said->id != OPT_help)
        return err_set(e, ERR_USAGE, "-%s: takes no value, but got '%.100s'",
                       word->name, word->value);
    if (strcmp(word->value, "all") != 0
        && !option_topic_find(word->value, &topic))
        return wrong(word, "a topic; -help lists them", "", e);
    return keep_text(said, word->value, e);
}

/* Decimal, or hexadecimal after "0x".  s_client lets octal and 0x pass its
 * check and then reads another number; what is accepted here is also used. */
static bool parse_number(const char *text, long long *n)
{
    enum { HEX_DIGITS_MAX = 15 };
    const char *digits = text + 2;
    size_t len;

    if (text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
        return text_int(text, n);
    len = strspn(digits, "0123456789abcdefABCDEF");
    if (len == 0 || len > HEX_DIGITS_MAX || digits[len])
        return false;
    *n = strtoll(digits, NULL, 16);
    return true;
}

/* A row's choices are "first..last" or words. */
static bool is_range(const char *choices)
{
    return strstr(choices, "..") != NULL;
}

/* True when "first..last" includes n, or the list of numbers has it. */
static bool number_allowed(const char *choices, long long n)
{
    char *end;
    long long first = strtoll(choices, &end, 10);

    if (strncmp(end, "..", 2) == 0)
        return n >= first && n <= strtoll(end + 2, NULL, 10);
    while (n != first && *end)
        first = strtoll(end, &end, 10);
    return n == first;
}

static bool read_int(struct option_said *said, const struct option_word *word,
                     struct err *e)
{
    const struct option_row *row = &option_rows[said->id];
    const bool positive = row->kind == OPTION_COUNT;
    long long n = 0;
    const bool number = parse_number(word->value, &n) && n <= INT_MAX
                        && n >= INT_MIN && !(positive && n < 1);

    if (row->choices && !(number && number_allowed(row->choices, n)))
        return wrong(word,
                     is_range(row->choices) ? "a whole number in " : "one of ",
                     row->choices, e);
    if (!number)
        return wrong(word, "a whole number",
                     positive ? " from 1 to 2147483647" : "", e);
    said->number = n;
    return keep_text(said, word->value, e);
}

static bool read_seconds(struct option_said *said,
                         const struct option_word *word, struct err *e)
{
    long long ms = 0;

    if (!text_seconds(word->value, &ms) || ms == 0)
        return wrong(word, "a number of seconds above 0, such as 2 or 0.5", "",
                     e);
    said->number = ms;
    return keep_text(said, word->value, e);
}

static bool read_epoch(struct option_said *said, const struct option_word *word,
                       struct err *e)
{
    long long seconds = 0;

    if (!parse_number(word->value, &seconds))
        return wrong(word, "a number of seconds since 1970", "", e);
    said->number = seconds;
    return keep_text(said, word->value, e);
}

/* Line ends are refused because some texts are sent in dialogues of lines. */
static bool read_string(struct option_said *said,
                        const struct option_word *word, struct err *e)
{
    if (said->id == OPT_name && word->value[text_name_span(word->value)])
        return err_set(e, ERR_USAGE,
                       "%s%s: blanks, control characters, quotes, '<', '>' and "
                       "'&' cannot be part of it",
                       option_dash(word), word->name);
    if (word->value[strcspn(word->value, "\r\n")])
        return err_set(e, ERR_USAGE, "%s%s: a line end cannot be part of it",
                       option_dash(word), word->name);
    return keep_text(said, word->value, e);
}

/* True when the words of "choices" have this one. */
static bool word_allowed(const char *choices, const char *item, size_t len)
{
    for (const char *at = choices; *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");

        if (n == len && memcmp(at, item, n) == 0)
            return true;
        at += n;
    }
    return false;
}

static bool item_allowed(const char *choices, const char *item, size_t len)
{
    char *end;
    long long n = strtoll(item, &end, 10);

    if (!is_range(choices))
        return word_allowed(choices, item, len);
    return isdigit((unsigned char)*item) && end == item + len
           && number_allowed(choices, n);
}

static bool read_list(struct option_said *said, const struct option_word *word,
                      struct err *e)
{
    const char *choices = option_rows[said->id].choices;
    const char *at = word->value;

    while (choices && *(at += strspn(at, ",: "))) {
        size_t len = strcspn(at, ",: ");

        if (!item_allowed(choices, at, len))
            return err_set(e, ERR_USAGE, "%s%s: '%.*s' is not %s%s",
                           option_dash(word), word->name,
                           (int)(len < ITEM_SHOWN ? len : ITEM_SHOWN), at,
                           is_range(choices) ? "in " : "one of ", choices);
        at += len;
    }
    return keep_text(said, word->value, e);
}

static bool read_choice(struct option_said *said,
                        const struct option_word *word, struct err *e)
{
    const char *choices = option_rows[said->id].choices;

    if (!word_allowed(choices, word->value, strlen(word->value)))
        return wrong(word, "one of ", choices, e);
    return keep_text(said, word->value, e);
}

/* As s_client reads formats: the first letter decides, except after a P. */
static bool read_format(struct option_said *said,
                        const struct option_word *word, struct err *e)
{
    static const struct {
        const char *spelling;
        size_t len; /* 0: all of the value must be equal */
        const char *format;
    } forms[] = {
        { "D", 1, "DER" },      { "E", 1, "ENGINE" }, { "1", 1, "P12" },
        { "P", 0, "PEM" },      { "PEM", 0, "PEM" },  { "P12", 0, "P12" },
        { "PKCS12", 0, "P12" },
    };
    const char *choices = option_rows[said->id].choices;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const char *format = forms[i].format;
        size_t len = forms[i].len ? forms[i].len : SIZE_MAX;

        if (strncasecmp(word->value, forms[i].spelling, len) == 0
            && word_allowed(choices, format, strlen(format)))
            return keep_text(said, format, e);
    }
    return wrong(word, "one of ", choices, e);
}

/* What -bind and -proxy name is ours: what cannot be used is found out here,
 * and not by each target.  A target's own address has rules of its own. */
static const char *end_of_ours_wrong(enum option_id id,
                                     const struct hostport *hp)
{
    const bool any_port =
        id == OPT_bind && hp->port && strcmp(hp->port, "0") == 0;

    if (id == OPT_connect)
        return NULL;
    if (id == OPT_proxy && !hp->host)
        return "the host is missing";
    if (hp->host && !hostport_is_host(hp->host))
        return "its host is neither a name nor an address";
    if (hp->port && !any_port && !hostport_is_port(hp->port))
        return "a port is a number from 1 to 65535 or a name of /etc/services";
    return NULL;
}

static bool read_hostport(struct option_said *said,
                          const struct option_word *word, struct err *e)
{
    struct hostport hp;
    struct err why = { .code = ERR_NONE };
    const char *wrong_end;

    if (!hostport_parse(&hp, word->value, &why)) {
        enum err_code code = why.code == ERR_ADDRESS ? ERR_USAGE : why.code;

        return err_set(e, code, "%s%s: %s", option_dash(word), word->name,
                       why.msg);
    }
    wrong_end = end_of_ours_wrong(said->id, &hp);
    hostport_release(&hp);
    if (wrong_end)
        return wrong(word, "host:port: ", wrong_end, e);
    return keep_text(said, word->value, e);
}

static bool read_hex(struct option_said *said, const struct option_word *word,
                     struct err *e)
{
    size_t len = strspn(word->value, "0123456789abcdefABCDEF");

    /* The value may be a key: it is not repeated. */
    if (len == 0 || word->value[len] || len % 2 != 0)
        return err_set(e, ERR_USAGE,
                       "%s%s: an even number of hexadecimal digits is needed",
                       option_dash(word), word->name);
    return keep_text(said, word->value, e);
}

/* A URI as RFC 3986 begins one; a single letter is no scheme. */
static bool has_scheme(const char *text)
{
    size_t n = 0;

    while (isalnum((unsigned char)text[n])
           || (text[n] && strchr("+.-", text[n])))
        n++;
    return n > 1 && isalpha((unsigned char)text[0]) && text[n] == ':';
}

/* Keeps a path relative to the list that named it; the first "kept" bytes are
 * none of the path. */
static bool keep_path(struct option_said *said, const struct option_word *word,
                      size_t kept, struct err *e)
{
    const char *path = word->value + kept;
    struct buf b;
    size_t len;

    if (!word->base_dir || !*word->base_dir || path[0] == '/')
        return keep_text(said, word->value, e);
    buf_init(&b, SIZE_MAX);
    buf_add(&b, word->value, kept);
    buf_text(&b, word->base_dir);
    buf_text(&b, "/");
    buf_text(&b, path);
    said->text = buf_take(&b, &len);
    return said->text ? true : err_memory(e, "option value");
}

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool read_secret(struct option_said *said,
                        const struct option_word *word, struct err *e)
{
    const char *value = word->value;
    long long fd = -1;

    if (starts(value, "pass:") || starts(value, "env:")
        || strcmp(value, "stdin") == 0)
        return keep_text(said, value, e);
    if (starts(value, "file:") && value[strlen("file:")])
        return keep_path(said, word, strlen("file:"), e);
    if (starts(value, "fd:") && text_int(value + strlen("fd:"), &fd) && fd >= 0
        && fd <= INT_MAX)
        return keep_text(said, value, e);
    /* It may be the secret itself: it is not repeated. */
    return err_set(e, ERR_USAGE,
                   "%s%s: say where the secret is: pass:TEXT, env:NAME, "
                   "file:PATH, fd:NUMBER or stdin",
                   option_dash(word), word->name);
}

static bool read_path(struct option_said *said, const struct option_word *word,
                      struct err *e)
{
    if (!*word->value)
        return empty(word, e);
    return keep_path(said, word, 0, e);
}

static bool read_file(struct option_said *said, const struct option_word *word,
                      struct err *e)
{
    if (has_scheme(word->value) || strcmp(word->value, "-") == 0)
        return keep_text(said, word->value, e);
    return read_path(said, word, e);
}

static bool read_code(struct option_said *said, const struct option_word *word,
                      struct err *e)
{
    if (!*word->value)
        return empty(word, e);
    return read_string(said, word, e);
}

static const struct kind {
    const char *name;
    read_fn *read;
    bool host; /* its value is a place on this host */
} kinds[] = {
    [OPTION_FLAG] = { "flag", read_flag, false },
    [OPTION_COUNT] = { "count", read_int, false },
    [OPTION_INT] = { "int", read_int, false },
    [OPTION_SECONDS] = { "seconds", read_seconds, false },
    [OPTION_EPOCH] = { "epoch", read_epoch, false },
    [OPTION_STRING] = { "string", read_string, false },
    [OPTION_LIST] = { "list", read_list, false },
    [OPTION_CHOICE] = { "choice", read_choice, false },
    [OPTION_FORMAT] = { "format", read_format, false },
    [OPTION_HOSTPORT] = { "hostport", read_hostport, false },
    [OPTION_HEX] = { "hex", read_hex, false },
    [OPTION_SECRET] = { "secret", read_secret, true },
    [OPTION_FILE] = { "file", read_file, true },
    [OPTION_DIR] = { "dir", read_path, true },
    [OPTION_OUTFILE] = { "outfile", read_path, true },
    [OPTION_CODE] = { "code", read_code, true },
};

bool option_is_host(enum option_id id)
{
    const struct option_row *row = &option_rows[id];

    return kinds[row->kind].host || (row->traits & OPT_HOST);
}

const char *option_kind_name(enum option_kind kind)
{
    return kinds[kind].name;
}

bool option_value_read(struct option_said *said, const struct option_word *word,
                       struct err *e)
{
    const struct option_row *row = &option_rows[said->id];

    if (row->kind != OPTION_FLAG && !word->value)
        return err_set(e, ERR_USAGE, "%s%s: a value is missing: %s",
                       option_dash(word), word->name, row->argname);
    return kinds[row->kind].read(said, word, e);
}
