#include "base/thread.h"

#include "base/fault.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>

static void *note_mask(void *arg)
{
    pthread_sigmask(SIG_SETMASK, NULL, arg);
    return NULL;
}

static sigset_t mask_of_a_thread(void)
{
    sigset_t mask;
    pthread_t id;

    sigemptyset(&mask);
    cr_assert_eq(thread_start_deaf(&id, 0, note_mask, &mask), 0);
    pthread_join(id, NULL);
    return mask;
}

Test(thread, deaf_to_what_comes_from_outside)
{
    static const int outside[] = { SIGINT,  SIGTERM, SIGHUP, SIGUSR1,
                                   SIGPIPE, SIGALRM, SIGQUIT };
    sigset_t mask = mask_of_a_thread();

    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
        cr_expect(sigismember(&mask, outside[i]), "%d", outside[i]);
}

Test(thread, hears_of_its_own_crash)
{
    static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
    sigset_t mask = mask_of_a_thread();

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        cr_expect(!sigismember(&mask, own[i]), "%d", own[i]);
}

Test(thread, the_starter_goes_on_hearing)
{
    sigset_t mask;

    mask_of_a_thread();
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    cr_expect(!sigismember(&mask, SIGINT));
}

Test(thread, a_thread_that_cannot_be_had_is_an_errno)
{
    pthread_t id;

    fault_arm(1);
    cr_expect_eq(thread_start_deaf(&id, 0, note_mask, NULL), EAGAIN);
    fault_arm(0);
}
