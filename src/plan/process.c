/* process -- words of scope RUN that change OpenSSL for the whole process. */
#include "apply.h"

#include "base/mem.h"
#include "tls/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_LEN = 1024 }; /* bytes of random state, as the openssl program */

/* ---- the beginning ---- */

static bool use_engine(const char *id, struct err *e)
{
    return engine_use(id)
           || apply_reason(e, ERR_FILE,
                           "option '-%s': engine '%s' cannot be had",
                           option_rows[OPT_engine].name, id);
}

static bool mix_file(const char *name, struct err *e)
{
    char what[ERR_MSG_MAX];
    int sys;

    errno = 0;
    if (RAND_load_file(name, -1) >= 0)
        return true;
    sys = errno;
    ERR_clear_error();
    snprintf(what, sizeof(what),
             "option '-%s': '%s' cannot be mixed into the random numbers",
             option_rows[OPT_rand].name, name);
    return sys != 0 ? err_sys(e, ERR_FILE, sys, what)
                    : err_set(e, ERR_FILE, "%s: no regular file", what);
}

/* Names between colons. */
static bool mix_files(const char *list, struct err *e)
{
    bool mixed = true;

    while (mixed && *list) {
        const size_t len = strcspn(list, ":");
        char *name = mem_copy(list, len);

        if (!name)
            return err_memory(e, option_rows[OPT_rand].name);
        mixed = len == 0 || mix_file(name, e);
        mem_free(name);
        list += len + (list[len] == ':');
    }
    return mixed;
}

bool plan_process_begin(const struct option_set *words, struct err *e)
{
    const char *engine = options_text(words, OPT_engine, NULL);

    mem_forget();
    /* Reads openssl.cnf, as the openssl program does when it begins. */
    if (!OPENSSL_init_ssl(0, NULL) || mem_refused())
        return tls_reason(e, ERR_SYSTEM, "cannot set up OpenSSL");
    if (engine && !use_engine(engine, e))
        return false;
    for (size_t i = 0; i < words->count; i++)
        if (words->said[i].id == OPT_rand && !mix_files(words->said[i].text, e))
            return false;
    ERR_clear_error();
    return true;
}

/* ---- the end ---- */

static bool write_state(int fd, const unsigned char *bytes, struct err *e)
{
    size_t done = 0;

    while (done < STATE_LEN) {
        ssize_t n = write(fd, bytes + done, STATE_LEN - done);

        if (n < 0 && errno != EINTR)
            return err_sys(e, ERR_OUTPUT, errno, "writing it");
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool fill_file(int fd, struct err *e)
{
    unsigned char bytes[STATE_LEN];
    bool done = RAND_priv_bytes(bytes, sizeof(bytes)) == 1
                || tls_reason(e, ERR_NO_ENTROPY, "no random numbers");

    done = done && write_state(fd, bytes, e);
    OPENSSL_cleanse(bytes, sizeof(bytes));
    return done;
}

/* "temporary" ends in XXXXXX.  It has mode 0600. */
static bool replace_file(const char *name, char *temporary, struct err *e)
{
    int fd = mkostemp(temporary, O_CLOEXEC);
    bool done;

    if (fd < 0)
        return err_sys(e, ERR_OUTPUT, errno, "creating it");
    done = fill_file(fd, e);
    if (close(fd) != 0 && done)
        done = err_sys(e, ERR_OUTPUT, errno, "writing it");
    if (done && rename(temporary, name) != 0)
        done = err_sys(e, ERR_OUTPUT, errno, "naming it");
    if (!done)
        unlink(temporary);
    return done;
}

/* What is there is replaced, but a link or a device must not be. */
static bool save_state(const char *name, struct err *e)
{
    const size_t room = strlen(name) + sizeof(".XXXXXX");
    char *temporary;
    struct stat st;
    bool done;

    if (lstat(name, &st) == 0 && !S_ISREG(st.st_mode))
        return err_set(e, ERR_OUTPUT, "it is not a regular file");
    temporary = mem_new(room, 1);
    if (!temporary)
        return err_memory(e, "its name");
    snprintf(temporary, room, "%s.XXXXXX", name);
    done = replace_file(name, temporary, e);
    mem_free(temporary);
    return done;
}

bool plan_process_end(const struct option_set *words, struct err *e)
{
    const char *name = options_text(words, OPT_writerand, NULL);
    struct err why = { .code = ERR_NONE };

    if (!name || save_state(name, &why))
        return true;
    return err_set(e, why.code, "option '-%s': '%s': %s",
                   option_rows[OPT_writerand].name, name, why.msg);
}
