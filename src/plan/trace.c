/* trace -- what is told of a connection while it lasts, and on what mode its
 * socket and OpenSSL work together. */
#include "apply.h"

/* The word of a row, as a setting. */
bool apply_trace(struct apply *a, const struct option_said *said, struct err *e)
{
    struct trace_rule *rule = &a->settings->trace;

    (void)e;
    rule->debug |= said->id == OPT_debug;
    rule->state |= said->id == OPT_state;
    rule->extensions |= said->id == OPT_tlsextdebug;
    rule->waits |= said->id == OPT_nbio || said->id == OPT_nbio_test;
    rule->nbio_test |= said->id == OPT_nbio_test;
    rule->timeouts |= said->id == OPT_timeout;
    return true;
}

/* As s_client: the last of -msg and -trace counts. */
bool apply_messages(struct apply *a, const struct option_said *said,
                    struct err *e)
{
    struct trace_rule *rule = &a->settings->trace;

    (void)e;
    rule->msg = said->id == OPT_msg;
    rule->trace = said->id == OPT_trace;
    return true;
}

/* And the last of -security_debug and -security_debug_verbose. */
bool apply_security(struct apply *a, const struct option_said *said,
                    struct err *e)
{
    (void)e;
    a->settings->trace.security =
        said->id == OPT_security_debug ? SECURITY_REFUSALS : SECURITY_ALL;
    return true;
}

bool apply_async(struct apply *a, const struct option_said *said, struct err *e)
{
    (void)said;
    (void)e;
    SSL_CTX_set_mode(a->context->ctx, SSL_MODE_ASYNC);
    return true;
}
