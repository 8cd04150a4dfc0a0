/* keys -- how the keys were agreed on, and how the server signed that. */
#include "inspect_room.h"
#include "tls/quic.h"

#include <stdio.h>

/* A hybrid group has no key object, only a name. */
static void record_bare_group(const struct view *v)
{
    SSL *ssl = v->conn->ssl;
    int id =
        quic_or_tls13(ssl) ? (int)SSL_get_negotiated_group(ssl) : NID_undef;
    const char *name = id != NID_undef ? SSL_group_to_name(ssl, id) : NULL;

    if (name)
        record_text(v->record, REC_group, name);
    else
        record_state(v->record, REC_group, VALUE_NONE);
    record_state(v->record, REC_temp_key_bits, VALUE_NONE);
}

static void record_group(const struct view *v)
{
    EVP_PKEY *key;
    char text[80];

    if (!SSL_get_peer_tmp_key(v->conn->ssl, &key)) {
        record_bare_group(v);
        return;
    }
    key_group(key, text, sizeof(text));
    record_text(v->record, REC_group, text);
    record_number(v->record, REC_temp_key_bits, EVP_PKEY_get_bits(key));
    EVP_PKEY_free(key);
}

static void record_signature(const struct view *v)
{
    struct record *r = v->record;
    int type = NID_undef, digest = NID_undef;
    const char *name;
    char text[80];

    if (!SSL_get_peer_signature_type_nid(v->conn->ssl, &type)) {
        record_state(r, REC_signature, VALUE_NONE);
        record_state(r, REC_peer_signature_digest, VALUE_NONE);
        return;
    }
    name = signature_type(type);
    if (!name)
        name = OBJ_nid2sn(type);
    /* The digest is part of Ed25519 and its like: they tell none. */
    if (SSL_get_peer_signature_nid(v->conn->ssl, &digest)
        && digest != NID_undef) {
        snprintf(text, sizeof(text), "%s+%s", name, OBJ_nid2sn(digest));
        record_text(r, REC_signature, text);
        record_text(r, REC_peer_signature_digest, OBJ_nid2sn(digest));
    } else {
        record_text(r, REC_signature, name);
        record_state(r, REC_peer_signature_digest, VALUE_NONE);
    }
}

void keys_record(const struct view *v)
{
    record_group(v);
    record_signature(v);
}
