/* dane -- the TLSA record that matched, and how. */
#include "inspect_room.h"

/* "USAGE SELECTOR TYPE DATA matched ... at depth N", of the data its last
 * "tail" bytes.  False when nothing matched. */
static bool describe(const struct view *v, size_t tail, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    const unsigned char *data;
    uint8_t usage, selector, type;
    size_t len;
    EVP_PKEY *key = NULL;
    X509 *cert = NULL;
    int depth = SSL_get0_dane_authority(ssl, &cert, &key);

    if (depth < 0
        || SSL_get0_dane_tlsa(ssl, &usage, &selector, &type, &data, &len) < 0)
        return false;
    buf_printf(out, "%d %d %d %s", usage, selector, type,
               len > tail ? "..." : "");
    hex_add(out, len > tail ? data + len - tail : data, len > tail ? tail : len,
            false);
    wording_dane(out, depth, key);
    return true;
}

void block_dane(const struct view *v, struct buf *out)
{
    enum { TAIL = 12 };
    struct buf text;

    buf_init(&text, TEXT_MAX);
    if (describe(v, TAIL, &text))
        buf_printf(out, "DANE TLSA %s\n", buf_string(&text));
    out->refused |= text.refused;
    buf_release(&text);
}

/* Nothing is compared when a session is resumed, nor without a certificate:
 * then it stays unknown. */
void dane_record(const struct view *v)
{
    struct buf text;

    if (!v->ask->dane_asked) {
        record_state(v->record, REC_dane, VALUE_NOT_ASKED);
        return;
    }
    if (!v->leaf || SSL_session_reused(v->conn->ssl))
        return;
    buf_init(&text, TEXT_MAX);
    if (describe(v, TEXT_MAX, &text))
        record_buf(v->record, REC_dane, &text);
    else
        record_state(v->record, REC_dane, VALUE_NONE);
    buf_release(&text);
}
