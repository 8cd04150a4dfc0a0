/* usage_value -- numbers, forms and folders as s_client's options take them. */
#include "usage.h"

#include "plan.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static bool not_a_number(struct usage *u, const char *value)
{
    const char *base = "a";

    if (strncasecmp(value, "0x", 2) == 0)
        base = "a hexadecimal";
    else if (value[0] == '0')
        base = "an octal";
    return usage_refuse_help(u, S_CLIENT "Can't parse \"%s\" as %s number",
                             value, base);
}

/* Any base that C knows, to the last character. */
static bool read_number(struct usage *u, const char *value, intmax_t *n)
{
    char *end;

    errno = 0;
    *n = strtoimax(value, &end, 0);
    return (*value && !*end && errno != ERANGE) || not_a_number(u, value);
}

static bool is_int(struct usage *u, enum option_id id, const char *value)
{
    const struct option_row *row = &option_rows[id];
    intmax_t n;

    if (!read_number(u, value, &n))
        return false;
    if (n < INT_MIN || n > INT_MAX)
        return usage_refuse_help(
            u, S_CLIENT "Value \"%s\" outside integer range", value);
    if (row->kind == OPTION_COUNT && n <= 0)
        return usage_refuse_help(
            u, S_CLIENT "Non-positive number \"%s\" for option -%s", value,
            row->name);
    return true;
}

/* ---- forms of files ---- */

enum { FORM_PEM = 1, FORM_DER = 2, FORM_ENGINE = 4, FORM_OTHER = 8 };

/* The first letter decides, but for a P; 0: nothing that s_client knows. */
static int form_of(const char *value)
{
    static const char *const others[] = { "PVK", "P12", "PKCS12" };

    if (strchr("DdEeTtNnSsMmHh1", *value) && *value)
        return *value == 'D' || *value == 'd'   ? FORM_DER
               : *value == 'E' || *value == 'e' ? FORM_ENGINE
                                                : FORM_OTHER;
    if (strcasecmp(value, "P") == 0 || strcasecmp(value, "PEM") == 0)
        return FORM_PEM;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (strcasecmp(value, others[i]) == 0)
            return FORM_OTHER;
    return 0;
}

static void add_forms(struct usage *u, int allowed)
{
    if (plan_have(NEEDS_OPENSSL_3_5))
        buf_printf(u->out, "must be one of:  pem der%s\n",
                   allowed & FORM_ENGINE ? " engine" : "");
    else if (allowed & FORM_ENGINE)
        buf_text(u->out, "must be one of:\n   PEM/DER\n   engine\n");
    else
        buf_text(u->out, "must be pem or der\n");
}

static bool is_form(struct usage *u, enum option_id id, const char *value)
{
    const int allowed =
        FORM_PEM | FORM_DER | (id == OPT_keyform ? FORM_ENGINE : 0);
    const int form = form_of(value);

    if (form & allowed)
        return true;
    buf_printf(u->out, S_CLIENT "Bad format \"%s\"", value);
    if (form) {
        buf_text(u->out, "; ");
        add_forms(u, allowed);
    } else {
        buf_byte(u->out, '\n');
    }
    return usage_refuse_help(u, S_CLIENT "Invalid format \"%s\" for option -%s",
                             value, option_rows[id].name);
}

static bool is_folder(struct usage *u, const char *value)
{
    struct stat st;

    return (stat(value, &st) == 0 && S_ISDIR(st.st_mode))
           || usage_refuse_help(u, S_CLIENT "Not a directory: %s", value);
}

bool usage_value(struct usage *u, enum option_id id, const char *value)
{
    const enum option_kind kind = option_rows[id].kind;
    intmax_t n;

    if (kind == OPTION_COUNT || kind == OPTION_INT)
        return is_int(u, id, value);
    if (kind == OPTION_EPOCH)
        return read_number(u, value, &n);
    if (kind == OPTION_FORMAT)
        return is_form(u, id, value);
    /* s_client does not look at the folder of providers. */
    return kind != OPTION_DIR || id == OPT_provider_path || is_folder(u, value);
}
