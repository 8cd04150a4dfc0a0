#include "io.h"

#include "base/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool io_allowed(void)
{
    if (!fault_here())
        return true;
    errno = ENOSPC;
    return false;
}

/* Whoever shares our standard output (a shell, ssh) may have made it
 * non-blocking; a report waits for its reader. */
static bool make_blocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

/* Counts what a call moved; false when there is no use in another one. */
static bool advance(ssize_t n, size_t *done)
{
    if (n > 0)
        *done += (size_t)n;
    if (n == 0)
        errno = EIO;
    return n > 0 || (n < 0 && errno == EINTR);
}

bool io_write(int fd, const char *bytes, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = io_allowed() ? write(fd, bytes + done, len - done) : -1;

        if (n < 0 && errno == EAGAIN && make_blocking(fd))
            continue;
        if (!advance(n, &done))
            return false;
    }
    return true;
}

bool io_write_at(int fd, const char *bytes, size_t len, uint64_t at)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = -1;

        if (io_allowed())
            n = pwrite(fd, bytes + done, len - done, (off_t)(at + done));
        if (!advance(n, &done))
            return false;
    }
    return true;
}

bool io_read_at(int fd, char *bytes, size_t len, uint64_t at)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = -1;

        if (io_allowed())
            n = pread(fd, bytes + done, len - done, (off_t)(at + done));
        if (!advance(n, &done))
            return false;
    }
    return true;
}
