#include "base/thread.h"

#include "base/fault.h"

#include <errno.h>
#include <signal.h>

static void fill_deaf(sigset_t *set)
{
    static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL,
                               SIGABRT, SIGSYS, SIGTRAP };

    sigfillset(set);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        sigdelset(set, own[i]);
}

int thread_start_deaf(pthread_t *id, size_t stack, void *(*run)(void *),
                      void *arg)
{
    pthread_attr_t attr;
    sigset_t deaf;
    int sys;

    if (fault_here())
        return EAGAIN;
    fill_deaf(&deaf);
    pthread_attr_init(&attr);
    if (stack > 0)
        pthread_attr_setstacksize(&attr, stack);
    pthread_attr_setsigmask_np(&attr, &deaf);
    sys = pthread_create(id, &attr, run, arg);
    pthread_attr_destroy(&attr);
    return sys;
}
