#include "sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RANDOM_LEN = 6 };

bool sweep_hold(int fd)
{
    struct stat st;

    return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0
           && st.st_nlink > 0;
}

/* ".NAME.XXXXXX" */
static bool is_ours(const char *entry, const char *name)
{
    const size_t len = strlen(name);

    return entry[0] == '.' && strncmp(entry + 1, name, len) == 0
           && entry[1 + len] == '.' && strlen(entry + 2 + len) == RANDOM_LEN;
}

static void remove_stale(int dir, const char *entry)
{
    int fd = openat(dir, entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid()
        && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(dir, entry, 0);
    close(fd);
}

void sweep(int dir, const char *name)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    if (!folder) {
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((entry = readdir(folder)) != NULL)
        if (is_ours(entry->d_name, name))
            remove_stale(dir, entry->d_name);
    closedir(folder);
}
