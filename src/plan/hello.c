/* hello -- what else the ClientHello says. */
#include "apply.h"

#include "base/mem.h"

#include <string.h>

enum { NAME_MAX_LEN = 255 }; /* RFC 7301 section 3.1: a length of one byte */

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

bool apply_alpn(struct apply *a, const struct option_said *said, struct err *e)
{
    unsigned char *wire = mem_new(strlen(said->text) + 2, 1);
    size_t len;
    bool done = false;

    if (!wire)
        return err_memory(e, a->row->name);
    len = wire_names(said->text, wire);
    if (len == 0 || len > UINT16_MAX)
        err_set(e, ERR_USAGE,
                "option '-%s': '%s' is no list of protocol names between "
                "commas, each up to %d bytes",
                a->row->name, said->text, NAME_MAX_LEN);
    else if (SSL_CTX_set_alpn_protos(a->context->ctx, wire, (unsigned)len) != 0)
        apply_rejected(a, said, e); /* 0 means success here */
    else
        done = true;
    mem_free(wire);
    return done;
}

bool apply_status(struct apply *a, const struct option_said *said,
                  struct err *e)
{
    return SSL_set_tlsext_status_type(a->ssl, TLSEXT_STATUSTYPE_ocsp)
           || apply_rejected(a, said, e);
}
