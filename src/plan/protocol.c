/* protocol -- versions, ciphers, groups: what SSL_CONF_cmd(3) knows. */
#include "apply.h"

#include <stdio.h>
#include <string.h>

/* OpenSSL takes what is no number for 0 or for its first digits; since 3.4
 * there may be a second one, for the handshake. */
static bool is_padding(const char *text)
{
    static const char digits[] = "0123456789";
    const size_t first = strspn(text, digits);
    const char *second = text + first + 1;

    return first > 0
           && (!text[first]
               || (text[first] == ',' && *second
                   && !second[strspn(second, digits)]));
}

bool apply_conf(struct apply *a, const struct option_said *said, struct err *e)
{
    SSL_CONF_CTX *conf;
    char name[64];
    bool taken;

    if (said->id == OPT_record_padding && !is_padding(said->text))
        return err_set(e, ERR_USAGE,
                       "option '-%s': '%s' is no number from 0 to 16384",
                       a->row->name, said->text);
    conf = SSL_CONF_CTX_new();
    if (!conf)
        return err_memory(e, a->row->name);
    SSL_CONF_CTX_set_flags(conf, SSL_CONF_FLAG_CLIENT | SSL_CONF_FLAG_CMDLINE);
    SSL_CONF_CTX_set_ssl_ctx(conf, a->context->ctx);
    snprintf(name, sizeof(name), "-%s", a->row->name);
    taken =
        SSL_CONF_cmd(conf, name, said->text) > 0 && SSL_CONF_CTX_finish(conf);
    SSL_CONF_CTX_free(conf);
    return taken || apply_rejected(a, said, e);
}

/* A section of the configuration that OpenSSL has read when the process began;
 * what it says counts more than all words before. */
bool apply_ssl_config(struct apply *a, const struct option_said *said,
                      struct err *e)
{
    return SSL_CTX_config(a->context->ctx, said->text)
           || apply_reason(e, ERR_USAGE,
                           "option '-%s': section '%s' of OpenSSL's "
                           "configuration cannot be used",
                           a->row->name, said->text);
}

static int version_of(enum option_id id)
{
    static const struct {
        enum option_id id;
        int version;
    } versions[] = {
        { OPT_ssl3, SSL3_VERSION },       { OPT_tls1, TLS1_VERSION },
        { OPT_tls1_1, TLS1_1_VERSION },   { OPT_tls1_2, TLS1_2_VERSION },
        { OPT_tls1_3, TLS1_3_VERSION },   { OPT_dtls1, DTLS1_VERSION },
        { OPT_dtls1_2, DTLS1_2_VERSION },
    };

    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
        if (versions[i].id == id)
            return versions[i].version;
    return 0;
}

/* An end without a close_notify during the handshake is a failure all the
 * same: the tls room sees to it. */
bool apply_unexpected_eof(struct apply *a, const struct option_said *said,
                          struct err *e)
{
    (void)said;
    (void)e;
    SSL_CTX_set_options(a->context->ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
    return true;
}

/* The kernel takes over where it can: what it took is a fact of the record. */
bool apply_ktls(struct apply *a, const struct option_said *said, struct err *e)
{
    (void)said;
    (void)e;
    SSL_CTX_set_options(a->context->ctx, SSL_OP_ENABLE_KTLS);
    return true;
}

bool apply_version(struct apply *a, const struct option_said *said,
                   struct err *e)
{
    const int version = version_of(said->id);
    SSL_CTX *ctx = a->context->ctx;

    /* -dtls means any of its versions. */
    return version == 0
           || (SSL_CTX_set_min_proto_version(ctx, version)
               && SSL_CTX_set_max_proto_version(ctx, version))
           || apply_rejected(a, said, e);
}
