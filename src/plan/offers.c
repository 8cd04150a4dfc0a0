/* offers -- extensions of the ClientHello that carry a list. */
#include "apply.h"

#include "base/mem.h"

#include <openssl/err.h>
#include <openssl/srtp.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_MAX_LEN = 255, /* RFC 7301 section 3.1: a length of one byte */
    EXTENSIONS_MAX = 100, /* as s_client */
};

/* ---- names of protocols ---- */

/* "h2,http/1.1" to names with their length before them, as the wire wants;
 * "out" holds strlen(list) + 1 bytes.  As s_client: empty items are skipped.
 * 0 when nothing is left or a name is too long. */
static size_t wire_names(const char *list, unsigned char *out)
{
    size_t used = 0;

    while (*list) {
        size_t len = strcspn(list, ",");

        if (len > NAME_MAX_LEN)
            return 0;
        if (len > 0) {
            out[used++] = (unsigned char)len;
            memcpy(out + used, list, len);
            used += len;
        }
        list += len + (list[len] == ',');
    }
    return used;
}

static bool read_names(struct protocol_names *out, const struct apply *a,
                       const struct option_said *said, struct err *e)
{
    size_t len;

    out->wire = mem_new(strlen(said->text) + 2, 1);
    if (!out->wire)
        return err_memory(e, a->row->name);
    len = wire_names(said->text, out->wire);
    out->len = (unsigned)len;
    return (len > 0 && len <= UINT16_MAX)
           || err_set(e, ERR_USAGE,
                      "option '-%s': '%s' is no list of protocol names between "
                      "commas, each up to %d bytes",
                      a->row->name, said->text, NAME_MAX_LEN);
}

bool apply_alpn(struct apply *a, const struct option_said *said, struct err *e)
{
    struct protocol_names names = { 0 };
    bool done = false;

    if (!read_names(&names, a, said, e))
        goto out;
    /* 0 means success here */
    done = SSL_CTX_set_alpn_protos(a->context->ctx, names.wire, names.len) == 0
           || apply_rejected(a, said, e);
out:
    mem_free(names.wire);
    return done;
}

bool apply_npn(struct apply *a, const struct option_said *said, struct err *e)
{
    if (!read_names(&a->context->npn, a, said, e))
        return false;
    npn_install(a->context->ctx, &a->context->npn);
    return true;
}

/* ---- others ---- */

#ifndef OPENSSL_NO_SRTP

bool apply_srtp(struct apply *a, const struct option_said *said, struct err *e)
{
    /* 0 means success here */
    return SSL_CTX_set_tlsext_use_srtp(a->context->ctx, said->text) == 0
           || apply_rejected(a, said, e);
}

#else

bool apply_srtp(struct apply *a, const struct option_said *said, struct err *e)
{
    (void)said;
    return apply_missing(a, e);
}

#endif

/* A type that cannot be added is passed over with a warning, as s_client
 * does. */
bool apply_serverinfo(struct apply *a, const struct option_said *said,
                      struct err *e)
{
    const char *at = said->text;
    unsigned count = 0;

    (void)e;
    while (*(at += strspn(at, ",: "))) {
        char *end;
        unsigned type = (unsigned)strtoul(at, &end, 10);

        at = end;
        if (++count > EXTENSIONS_MAX)
            buf_printf(a->warnings,
                       "option '-%s': only the first %d extensions are sent, "
                       "not %u\n",
                       a->row->name, EXTENSIONS_MAX, type);
        else if (!server_info_install(a->context->ctx, type))
            buf_printf(a->warnings,
                       "option '-%s': extension %u is not sent: it is there "
                       "twice, or OpenSSL's own\n",
                       a->row->name, type);
    }
    return true;
}

bool apply_request_cas(struct apply *a, const struct option_said *said,
                       struct err *e)
{
    STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();

    if (!names)
        return err_memory(e, a->row->name);
    if (SSL_add_file_cert_subjects_to_stack(names, said->text)
        && sk_X509_NAME_num(names) > 0) {
        SSL_CTX_set0_CA_list(a->context->ctx, names);
        return true;
    }
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    if (ERR_peek_error() == 0)
        return err_set(e, ERR_FILE, "option '-%s': no certificate in '%s'",
                       a->row->name, said->text);
    return apply_reason(e, ERR_FILE, "option '-%s': cannot load '%s'",
                        a->row->name, said->text);
}
