/* answers -- what the server said to extensions that few clients send. */
#include "inspect_room.h"

#include <openssl/srtp.h>
#include <string.h>

/* ---- next protocol ---- */

#ifndef OPENSSL_NO_NEXTPROTONEG

static void next_protocol(const struct view *v, const unsigned char **name,
                          unsigned *len)
{
    SSL_get0_next_proto_negotiated(v->conn->ssl, name, len);
}

#else

static void next_protocol(const struct view *v, const unsigned char **name,
                          unsigned *len)
{
    (void)v;
    *name = NULL;
    *len = 0;
}

#endif

static void record_npn(const struct view *v)
{
    const unsigned char *name;
    unsigned len;
    struct buf text;

    if (!v->ask->npn_asked) {
        record_state(v->record, REC_npn, VALUE_NOT_ASKED);
        return;
    }
    next_protocol(v, &name, &len);
    if (len == 0) {
        record_state(v->record, REC_npn, VALUE_NONE);
        return;
    }
    buf_init(&text, TEXT_MAX);
    buf_add(&text, name, len);
    if (v->conn->answers.npn == OPENSSL_NPN_NO_OVERLAP)
        buf_text(&text, " (no overlap)");
    record_buf(v->record, REC_npn, &text);
    buf_release(&text);
}

void block_npn(const struct view *v, struct buf *out)
{
    const unsigned char *name;
    unsigned len;

    if (v->conn->answers.npn == OPENSSL_NPN_UNSUPPORTED)
        return;
    next_protocol(v, &name, &len);
    buf_printf(out, "Next protocol: (%d) ", v->conn->answers.npn);
    tls_print_line(out, name, len);
    buf_byte(out, '\n');
}

/* ---- SRTP ---- */

#ifndef OPENSSL_NO_SRTP

static void record_srtp(const struct view *v)
{
    SSL *ssl = v->conn->ssl;
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(ssl);

    if (profile)
        record_text(v->record, REC_srtp, profile->name);
    else if (SSL_get_srtp_profiles(ssl))
        record_state(v->record, REC_srtp, VALUE_NONE);
    else
        record_state(v->record, REC_srtp, VALUE_NOT_ASKED);
}

void block_srtp(const struct view *v, struct buf *out)
{
    const SRTP_PROTECTION_PROFILE *profile =
        SSL_get_selected_srtp_profile(v->conn->ssl);

    if (profile)
        buf_printf(out, "SRTP Extension negotiated, profile=%s\n",
                   profile->name);
}

#else

static void record_srtp(const struct view *v)
{
    record_state(v->record, REC_srtp, VALUE_NOT_ASKED);
}

void block_srtp(const struct view *v, struct buf *out)
{
    (void)v;
    (void)out;
}

#endif

/* ---- -serverinfo ---- */

enum { HEAD = 4 }; /* of an answer: type and length, two bytes each */

static size_t number(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

static void record_infos(const struct view *v)
{
    const struct buf *info = &v->conn->answers.server_info;
    const unsigned char *at = (const unsigned char *)info->data;
    size_t left = info->len;
    struct buf text;

    buf_init(&text, 2 * info->max);
    while (left >= HEAD && left - HEAD >= number(at + 2)) {
        size_t len = number(at + 2);

        buf_printf(&text, "%zu:", number(at));
        hex_add(&text, at + HEAD, len, false);
        record_buf(v->record, REC_serverinfo, &text);
        at += HEAD + len;
        left -= HEAD + len;
    }
    buf_release(&text);
}

static void record_serverinfo(const struct view *v)
{
    if (!v->ask->serverinfo_asked)
        record_state(v->record, REC_serverinfo, VALUE_NOT_ASKED);
    else if (v->conn->answers.server_info.refused)
        v->record->incomplete = true;
    else if (v->conn->answers.server_info.len == 0)
        record_state(v->record, REC_serverinfo, VALUE_NONE);
    else
        record_infos(v);
}

void answers_record(const struct view *v)
{
    record_npn(v);
    record_srtp(v);
    record_serverinfo(v);
}
