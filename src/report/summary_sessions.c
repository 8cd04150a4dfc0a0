/* sessions -- what was agreed on, and with which keys. */
#include "screen.h"
#include "summary.h"

#include <inttypes.h>
#include <stdio.h>

static void count_key(struct summary *s, const struct record *r)
{
    const struct bytes *type = &r->values[REC_key_type].text;
    struct piece key;
    char bits[24];

    if (!record_known(r, REC_key_type))
        return;
    piece_clear(&key);
    piece_add(&key, type->data, type->len);
    if (record_known(r, REC_key_bits)) {
        snprintf(bits, sizeof(bits), " %" PRId64,
                 record_int(r, REC_key_bits, 0));
        piece_text(&key, bits);
    }
    counts_add(&s->keys, &key);
}

void sessions_count(struct summary *s, const struct record *r)
{
    counts_field(&s->protocols, r, REC_protocol);
    counts_field(&s->ciphers, r, REC_cipher);
    count_key(s, r);
}

void sessions_print(const struct summary *s, struct buf *out)
{
    screen_line(out, "protocols:", &s->protocols);
    screen_line(out, "ciphers:", &s->ciphers);
    screen_line(out, "keys:", &s->keys);
}
