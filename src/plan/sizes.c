/* sizes -- sizes and numbers on the wire and in its buffers. */
#include "apply.h"

static bool set_fragment(SSL_CTX *ctx, long bytes)
{
    return SSL_CTX_set_max_send_fragment(ctx, bytes);
}

static bool set_split(SSL_CTX *ctx, long bytes)
{
    return SSL_CTX_set_split_send_fragment(ctx, bytes);
}

static bool set_pipelines(SSL_CTX *ctx, long number)
{
    return SSL_CTX_set_max_pipelines(ctx, number);
}

static bool set_buffer(SSL_CTX *ctx, long bytes)
{
    SSL_CTX_set_default_read_buffer_len(ctx, (size_t)bytes);
    return true;
}

/* RFC 6066 section 4 numbers the four sizes from 1. */
static bool ask_fragment(SSL_CTX *ctx, long bytes)
{
    uint8_t code = TLSEXT_max_fragment_length_512;

    while (bytes > 512) {
        bytes /= 2;
        code++;
    }
    return SSL_CTX_set_tlsext_max_fragment_length(ctx, code);
}

/* In s_client's order: -split_send_frag is compared with -max_send_frag. */
static const struct {
    enum option_id id;
    bool (*set)(SSL_CTX *ctx, long number);
} sizes[] = {
    { OPT_max_send_frag, set_fragment },  { OPT_split_send_frag, set_split },
    { OPT_max_pipelines, set_pipelines }, { OPT_read_buf, set_buffer },
    { OPT_maxfraglen, ask_fragment },
};

static bool set_size(struct apply *a, size_t nth, struct err *e)
{
    const struct option_said *said = options_last(a->set, sizes[nth].id);

    if (!said || sizes[nth].set(a->context->ctx, (long)said->number))
        return true;
    a->row = &option_rows[said->id];
    if (said->id == OPT_split_send_frag)
        return err_set(
            e, ERR_USAGE, "option '-%s': %s is more than the -%s of %lld",
            a->row->name, said->text, option_rows[OPT_max_send_frag].name,
            (long long)options_number(a->set, OPT_max_send_frag,
                                      SSL3_RT_MAX_PLAIN_LENGTH));
    return apply_rejected(a, said, e);
}

bool apply_sizes(struct apply *a, const struct option_said *said, struct err *e)
{
    (void)said;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        if (!set_size(a, i, e))
            return false;
    return true;
}
