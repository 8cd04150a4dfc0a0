/* failing -- for LD_PRELOAD: the Nth call of a kind fails, all others are real.
 *
 * $FAILING is "KIND N" or "KIND N on": which kind of call is counted, which of
 * them fails (0: none), and with "on" that all later ones fail as well.  Kinds:
 *
 *   memory  malloc and its like, of every library
 *   system  calls that the kernel may refuse for a reason of our own
 *   signal  calls that a signal may interrupt: EINTR
 *   short   calls that may move less than they were asked to
 *   killed  the same as system, but there the whole process is killed
 *
 * A failure is never the peer's fault: the program must not blame the peer.
 * $FAILING_SAID gets a line for the first failure (which call, and who called),
 * one for a crash, and at the end how many were counted.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { NOTHING, MEMORY, SYSTEM, SIGNAL, SHORT, KILLED };

enum { CALLERS = 24 };

static enum kind chosen;
static long nth;
static bool goes_on;
static int said_fd = -1;
static atomic_long seen;
static atomic_bool told;

/* Our own words are no calls of the program. */
static _Thread_local bool inside __attribute__((tls_model("initial-exec")));

/* Looks the real one up, at the first call. */
static void find(void *real, const char *name)
{
    bool before = inside;
    void *found;

    inside = true;
    found = dlsym(RTLD_NEXT, name);
    inside = before;
    memcpy(real, &found, sizeof(found));
}

#define REAL(type, name, params) \
    static type(*real) params;   \
                                 \
    if (!real)                   \
    find(&real, #name)

static void say(const char *format, ...)
{
    char line[256];
    va_list ap;
    int len;

    va_start(ap, format);
    len = vsnprintf(line, sizeof(line), format, ap);
    va_end(ap);
    if (len > 0)
        syscall(SYS_write, said_fd, line, (size_t)len);
}

static void tell(const char *name, long count)
{
    void *callers[CALLERS];
    int n;

    inside = true;
    say("failed %ld %s\n", count, name);
    n = backtrace(callers, CALLERS);
    backtrace_symbols_fd(callers, n, said_fd);
    inside = false;
}

/* Whether this call is the one, or one of those, that shall fail. */
static bool fails(enum kind kind, const char *name)
{
    int kept = errno;
    bool now;
    long count;

    if ((kind != chosen && !(kind == SYSTEM && chosen == KILLED)) || inside)
        return false;
    count = atomic_fetch_add(&seen, 1) + 1;
    now = nth > 0 && (count == nth || (goes_on && count > nth));
    if (now && !atomic_exchange(&told, true))
        tell(name, count);
    if (now && chosen == KILLED)
        raise(SIGKILL);
    errno = kept;
    return now;
}

static bool refused(const char *name, int reason)
{
    if (fails(SYSTEM, name))
        errno = reason;
    else if (chosen == SYSTEM || !fails(SIGNAL, name))
        return false;
    else
        errno = EINTR;
    return true;
}

static size_t shorter(const char *name, size_t len)
{
    return len > 1 && fails(SHORT, name) ? len / 2 : len;
}

/* Says where it was before it dies of it. */
static void on_crash(int sig)
{
    void *callers[CALLERS];

    inside = true;
    say("crashed by signal %d\n", sig);
    backtrace_symbols_fd(callers, backtrace(callers, CALLERS), said_fd);
    signal(sig, SIG_DFL);
    raise(sig);
}

/* Before main() and the constructors of other libraries count nothing. */
__attribute__((constructor)) static void begin(void)
{
    static const char *const names[] = {
        [MEMORY] = "memory", [SYSTEM] = "system", [SIGNAL] = "signal",
        [SHORT] = "short",   [KILLED] = "killed",
    };
    const char *how = getenv("FAILING"), *path = getenv("FAILING_SAID");
    char kind[16] = "", on[4] = "";
    void *callers[1];

    if (!how || !path || sscanf(how, "%15s %ld %3s", kind, &nth, on) < 2)
        return;
    goes_on = strcmp(on, "on") == 0;
    inside = true;
    said_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    backtrace(callers, 1); /* loads what it needs */
    signal(SIGSEGV, on_crash);
    signal(SIGABRT, on_crash);
    inside = false;
    for (int i = MEMORY; i <= KILLED; i++)
        if (strcmp(kind, names[i]) == 0)
            chosen = (enum kind)i;
}

__attribute__((destructor)) static void end(void)
{
    if (chosen != NOTHING)
        say("counted %ld\n", atomic_load(&seen));
    chosen = NOTHING;
}

/* ---- memory ---- */

static bool no_memory(const char *name)
{
    if (!fails(MEMORY, name))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    REAL(void *, malloc, (size_t));
    return no_memory("malloc") ? NULL : real(size);
}

void *calloc(size_t n, size_t size)
{
    REAL(void *, calloc, (size_t, size_t));
    return no_memory("calloc") ? NULL : real(n, size);
}

void *realloc(void *p, size_t size)
{
    REAL(void *, realloc, (void *, size_t));
    return size > 0 && no_memory("realloc") ? NULL : real(p, size);
}

/* ---- calls that the kernel may refuse ---- */

/* (result, name, (parameters), (arguments), instead, reason); each ends in a
 * declaration for the sake of its semicolon. */
#define REFUSED(type, name, params, args, instead, reason)   \
    type name params                                         \
    {                                                        \
        REAL(type, name, params);                            \
        return refused(#name, reason) ? instead : real args; \
    }                                                        \
    type name params
/* The same for what no signal interrupts. */
#define CERTAIN(type, name, params, args, instead, reason) \
    type name params                                       \
    {                                                      \
        REAL(type, name, params);                          \
        if (!fails(SYSTEM, #name))                         \
            return real args;                              \
        errno = reason;                                    \
        return instead;                                    \
    }                                                      \
    type name params

CERTAIN(int, socket, (int a, int b, int c), (a, b, c), -1, EMFILE);
CERTAIN(int, bind, (int fd, __CONST_SOCKADDR_ARG a, socklen_t n), (fd, a, n),
        -1, ENOBUFS);
CERTAIN(int, getsockopt, (int fd, int l, int o, void *v, socklen_t *n),
        (fd, l, o, v, n), -1, ENOBUFS);
CERTAIN(int, setsockopt, (int fd, int l, int o, const void *v, socklen_t n),
        (fd, l, o, v, n), -1, ENOBUFS);
CERTAIN(int, getsockname, (int fd, __SOCKADDR_ARG a, socklen_t *n), (fd, a, n),
        -1, ENOBUFS);
CERTAIN(int, getpeername, (int fd, __SOCKADDR_ARG a, socklen_t *n), (fd, a, n),
        -1, ENOBUFS);
CERTAIN(int, dup, (int fd), (fd), -1, EMFILE);
CERTAIN(int, memfd_create, (const char *n, unsigned f), (n, f), -1, EMFILE);
CERTAIN(int, mkostemp, (char *t, int f), (t, f), -1, ENOSPC);
CERTAIN(int, fstat, (int fd, struct stat *st), (fd, st), -1, EIO);
CERTAIN(int, stat, (const char *p, struct stat *st), (p, st), -1, EIO);
CERTAIN(int, lstat, (const char *p, struct stat *st), (p, st), -1, EIO);
CERTAIN(int, fstatat, (int d, const char *p, struct stat *st, int f),
        (d, p, st, f), -1, EIO);
CERTAIN(off_t, lseek, (int fd, off_t o, int w), (fd, o, w), -1, EIO);
CERTAIN(int, fchmod, (int fd, mode_t m), (fd, m), -1, EIO);
CERTAIN(int, rename, (const char *a, const char *b), (a, b), -1, ENOSPC);
CERTAIN(int, renameat, (int d, const char *a, int f, const char *b),
        (d, a, f, b), -1, ENOSPC);
CERTAIN(int, unlink, (const char *p), (p), -1, EIO);
CERTAIN(int, unlinkat, (int d, const char *p, int f), (d, p, f), -1, EIO);
CERTAIN(int, access, (const char *p, int m), (p, m), -1, EIO);
CERTAIN(int, faccessat, (int d, const char *p, int m, int f), (d, p, m, f), -1,
        EIO);
CERTAIN(int, getrlimit, (__rlimit_resource_t r, struct rlimit *l), (r, l), -1,
        EINVAL);
CERTAIN(int, setrlimit, (__rlimit_resource_t r, const struct rlimit *l), (r, l),
        -1, EPERM);
CERTAIN(char *, realpath, (const char *p, char *r), (p, r), NULL, EIO);
CERTAIN(DIR *, opendir, (const char *p), (p), NULL, EMFILE);
CERTAIN(DIR *, fdopendir, (int fd), (fd), NULL, EMFILE);
CERTAIN(FILE *, fdopen, (int fd, const char *m), (fd, m), NULL, EMFILE);
CERTAIN(FILE *, fopen, (const char *p, const char *m), (p, m), NULL, EMFILE);
CERTAIN(FILE *, fopen64, (const char *p, const char *m), (p, m), NULL, EMFILE);
CERTAIN(int, shutdown, (int fd, int how), (fd, how), -1, ENOBUFS);
CERTAIN(int, poll, (struct pollfd * p, nfds_t n, int ms), (p, n, ms), -1,
        ENOMEM);

REFUSED(int, fsync, (int fd), (fd), -1, EIO);
REFUSED(int, fdatasync, (int fd), (fd), -1, EIO);
REFUSED(int, ftruncate, (int fd, off_t n), (fd, n), -1, EIO);
REFUSED(int, flock, (int fd, int how), (fd, how), -1, ENOLCK);
REFUSED(int, fflush, (FILE * f), (f), EOF, ENOSPC);
REFUSED(ssize_t, getrandom, (void *p, size_t n, unsigned f), (p, n, f), -1,
        ENOSYS);

int pthread_create(pthread_t *id, const pthread_attr_t *how,
                   void *(*run)(void *), void *arg)
{
    REAL(int, pthread_create,
         (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *));
    return fails(SYSTEM, "pthread_create") ? EAGAIN : real(id, how, run, arg);
}

int getaddrinfo(const char *host, const char *service,
                const struct addrinfo *hints, struct addrinfo **found)
{
    REAL(int, getaddrinfo,
         (const char *, const char *, const struct addrinfo *,
          struct addrinfo **));
    return refused("getaddrinfo", EMFILE) ? EAI_SYSTEM
                                          : real(host, service, hints, found);
}

/* It is closed all the same, as on Linux. */
int close(int fd)
{
    REAL(int, close, (int));
    bool failed = refused("close", EIO);
    int why = errno;
    int n = real(fd);

    if (!failed)
        return n;
    errno = why;
    return -1;
}

static mode_t mode_of(int flags, va_list ap)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    REAL(int, open, (const char *, int, ...));
    mode_t mode;
    va_list ap;

    va_start(ap, flags);
    mode = mode_of(flags, ap);
    va_end(ap);
    return refused("open", EMFILE) ? -1 : real(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
    REAL(int, openat, (int, const char *, int, ...));
    mode_t mode;
    va_list ap;

    va_start(ap, flags);
    mode = mode_of(flags, ap);
    va_end(ap);
    return refused("openat", EMFILE) ? -1 : real(dir, path, flags, mode);
}

/* To ask is never refused. */
int fcntl(int fd, int what, ...)
{
    REAL(int, fcntl, (int, int, ...));
    void *arg;
    va_list ap;

    va_start(ap, what);
    arg = va_arg(ap, void *);
    va_end(ap);
    if (what == F_GETFD || what == F_GETFL || !fails(SYSTEM, "fcntl"))
        return real(fd, what, arg);
    errno = EMFILE;
    return -1;
}

/* A connect that is interrupted goes on, as the kernel does it. */
int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t len)
{
    REAL(int, connect, (int, __CONST_SOCKADDR_ARG, socklen_t));
    if (fails(SYSTEM, "connect")) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    if (!fails(SIGNAL, "connect"))
        return real(fd, address, len);
    real(fd, address, len);
    errno = EINTR;
    return -1;
}

/* ---- calls that move bytes ---- */

#define MOVES(name, params, args, len, reason) \
    ssize_t name params                        \
    {                                          \
        REAL(ssize_t, name, params);           \
        if (refused(#name, reason))            \
            return -1;                         \
        len = shorter(#name, len);             \
        return real args;                      \
    }                                          \
    ssize_t name params

MOVES(read, (int fd, void *p, size_t n), (fd, p, n), n, EIO);
MOVES(pread, (int fd, void *p, size_t n, off_t o), (fd, p, n, o), n, EIO);
MOVES(write, (int fd, const void *p, size_t n), (fd, p, n), n, ENOSPC);
MOVES(pwrite, (int fd, const void *p, size_t n, off_t o), (fd, p, n, o), n,
      ENOSPC);
MOVES(recv, (int fd, void *p, size_t n, int f), (fd, p, n, f), n, ENOMEM);
MOVES(send, (int fd, const void *p, size_t n, int f), (fd, p, n, f), n,
      ENOBUFS);
