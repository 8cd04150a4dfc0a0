/* about -- which OpenSSL this is. */
#include "plan.h"

#include "base/mem.h"
#include "tls.h"

#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <openssl/rand.h>

void plan_about(struct buf *out)
{
    const char *comma = " ";

    buf_text(out, "built with " OPENSSL_VERSION_TEXT "\n");
    buf_printf(out, "running with %s\n", OpenSSL_version(OPENSSL_VERSION));
    buf_text(out, "not in this OpenSSL:");
    for (size_t i = 0; i < NEEDS_COUNT; i++) {
        if (plan_have((enum option_needs)i))
            continue;
        buf_printf(
            out, "%s%s%s", comma,
            option_needs_version((enum option_needs)i) ? "what came with " : "",
            option_needs_phrase((enum option_needs)i));
        comma = ", ";
    }
    buf_text(out, comma[0] == ' ' ? " nothing is missing\n" : "\n");
}

bool plan_random_ready(struct err *e)
{
    mem_forget();
    /* It follows NULL where it could not begin (3.0): so this comes first. */
    if (!OSSL_LIB_CTX_get0_global_default())
        return tls_reason(e, ERR_SYSTEM, "cannot set up OpenSSL");
    if (RAND_status() != 1)
        return tls_reason(e, ERR_NO_ENTROPY, "gathering random numbers");
    return !mem_refused() || err_memory(e, "setting up OpenSSL");
}
