/* dane -- TLSA records instead of, or beside, trusted CAs (-dane_...).
 *
 * A record that cannot be used is passed over with a warning, as s_client
 * does; its parser keeps its state in variables of the program, ours has
 * none. */
#include "dane.h"

#include "apply.h"

#include "base/mem.h"

#include <ctype.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 100 }; /* bytes of a record in a message */

/* ---- reading a record: "usage selector type hexadecimal data" ---- */

static const char *skip_blanks(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* What follows a number of one byte and blanks; NULL: there is none. */
static const char *read_byte(const char *at, uint8_t *out)
{
    char *end;
    long number = strtol(at, &end, 10);

    if (end == at || !isspace((unsigned char)*end) || number < 0
        || number > UINT8_MAX)
        return NULL;
    *out = (uint8_t)number;
    return skip_blanks(end);
}

/* Digits with blanks anywhere between them. */
static bool read_data(const char *at, struct tlsa *out)
{
    char *digits = mem_new(strlen(at) + 1, 1);
    size_t n = 0;
    long len = 0;

    if (!digits)
        return false;
    for (; *at; at++)
        if (!isspace((unsigned char)*at))
            digits[n++] = *at;
    /* OpenSSL's reader would take colons between the digits. */
    if (n > 0 && strspn(digits, "0123456789abcdefABCDEF") == n)
        out->data = OPENSSL_hexstr2buf(digits, &len);
    out->len = (size_t)len;
    mem_free(digits);
    return out->data;
}

const char *tlsa_read(const char *text, struct tlsa *out)
{
    const char *at = read_byte(text, &out->usage);

    if (!at)
        return "usage";
    at = read_byte(at, &out->selector);
    if (!at)
        return "selector";
    at = read_byte(at, &out->type);
    if (!at)
        return "mtype";
    return read_data(at, out) ? NULL : "data";
}

/* ---- using them ---- */

/* The records of one connection. */
struct use {
    const struct apply *apply;
    size_t used;
    char why[ERR_MSG_MAX / 2]; /* the first that could not be used; "" */
};

static void pass_over(struct use *u, const char *what, const char *why,
                      const char *text)
{
    char line[sizeof(u->why)];

    snprintf(line, sizeof(line), "%s%s: %.*s", what, why, SHOWN_MAX, text);
    if (u->apply->warnings)
        buf_printf(u->apply->warnings, "option '-%s': %s\n",
                   option_rows[OPT_dane_tlsa_rrdata].name, line);
    if (!u->why[0])
        memcpy(u->why, line, sizeof(line));
}

static void add_record(struct use *u, const struct tlsa *r, const char *text)
{
    const char *why;

    if (SSL_dane_tlsa_add(u->apply->ssl, r->usage, r->selector, r->type,
                          r->data, r->len)
        > 0) {
        u->used++;
        return;
    }
    why = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    pass_over(u, "unusable TLSA record, ", why ? why : "no reason", text);
}

static void use_record(struct use *u, const char *text)
{
    struct tlsa record = { 0 };
    const char *wrong = tlsa_read(text, &record);

    if (wrong)
        pass_over(u, "bad TLSA field ", wrong, text);
    else
        add_record(u, &record, text);
    OPENSSL_free(record.data);
}

static bool use_records(const struct apply *a, struct err *e)
{
    struct use u = { .apply = a };

    for (size_t i = 0; i < a->set->count; i++)
        if (a->set->said[i].id == OPT_dane_tlsa_rrdata)
            use_record(&u, a->set->said[i].text);
    ERR_clear_error();
    if (mem_refused())
        return err_memory(e, option_rows[OPT_dane_tlsa_rrdata].name);
    return u.used > 0
           || err_set(e, ERR_USAGE,
                      "option '-%s': no TLSA record can be used; %s",
                      option_rows[OPT_dane_tlsa_rrdata].name, u.why);
}

bool apply_dane(struct apply *a, const struct option_said *said, struct err *e)
{
    const char *domain = options_text(a->set, OPT_dane_tlsa_domain, NULL);

    (void)said;
    if (!domain)
        return true; /* -dane_ee_no_namechecks alone has no effect */
    if (SSL_dane_enable(a->ssl, domain) <= 0)
        return apply_reason(e, ERR_USAGE, "option '-%s': cannot use '%s'",
                            option_rows[OPT_dane_tlsa_domain].name, domain);
    if (options_has(a->set, OPT_dane_ee_no_namechecks))
        SSL_dane_set_flags(a->ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
    return use_records(a, e);
}
