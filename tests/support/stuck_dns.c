/* stuck_dns -- a getaddrinfo(3) for LD_PRELOAD, whose name servers misbehave.
 *
 * The first label of a name under ".stuck.test" says what becomes of it:
 * "never..." does not come back, "slow..." comes after a second, "again...",
 * "unknown..." and "fail..." are errors, "outage..." is one until the file that
 * STUCK_DNS_UP names is there, "three..." has 127.0.0.1 to 127.0.0.3, all
 * others are 127.0.0.1.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int lookup_fn(const char *, const char *, const struct addrinfo *,
                      struct addrinfo **);

static const char *const suffix = ".stuck.test";

static int begins(const char *name, const char *word)
{
    return strncmp(name, word, strlen(word)) == 0;
}

static int is_ours(const char *name)
{
    size_t len = name ? strlen(name) : 0;

    return len > strlen(suffix)
           && strcmp(name + len - strlen(suffix), suffix) == 0;
}

/* The outage is over once the file of $STUCK_DNS_UP is there. */
static int is_up(void)
{
    const char *path = getenv("STUCK_DNS_UP");

    return path && access(path, F_OK) == 0;
}

/* Three addresses in one answer: glibc frees each of a list by itself. */
static int three(lookup_fn *real, const char *service,
                 const struct addrinfo *hints, struct addrinfo **result)
{
    static const char *const texts[] = { "127.0.0.1", "127.0.0.2",
                                         "127.0.0.3" };
    struct addrinfo **end = result;

    for (size_t i = 0; i < 3; i++) {
        if (real(texts[i], service, hints, end) != 0)
            return EAI_FAIL;
        while (*end)
            end = &(*end)->ai_next;
    }
    return 0;
}

int getaddrinfo(const char *name, const char *service,
                const struct addrinfo *hints, struct addrinfo **result)
{
    lookup_fn *real;

    /* As POSIX writes it: ISO C has no cast for this. */
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (!is_ours(name) || (hints && hints->ai_flags & AI_NUMERICHOST))
        return real(name, service, hints, result);
    while (begins(name, "never"))
        pause();
    if (begins(name, "slow"))
        sleep(1);
    if (begins(name, "again"))
        return EAI_AGAIN;
    if (begins(name, "unknown"))
        return EAI_NONAME;
    if (begins(name, "fail"))
        return EAI_FAIL;
    if (begins(name, "outage") && !is_up())
        return EAI_AGAIN;
    if (begins(name, "three"))
        return three(real, service, hints, result);
    return real("127.0.0.1", service, hints, result);
}
