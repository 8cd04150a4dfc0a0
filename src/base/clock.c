#include "base/clock.h"

#include <limits.h>
#include <time.h>

static int64_t now_us(clockid_t which)
{
    struct timespec ts;

    clock_gettime(which, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t clock_now_ms(void)
{
    return now_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_now_us(void)
{
    return now_us(CLOCK_MONOTONIC);
}

int64_t clock_wall(void)
{
    return (int64_t)time(NULL);
}

int64_t clock_wall_ms(void)
{
    return now_us(CLOCK_REALTIME) / 1000;
}

deadline_ms deadline_in(int64_t ms)
{
    int64_t now = clock_now_ms();

    return ms < 0 || ms > DEADLINE_NEVER - now ? DEADLINE_NEVER : now + ms;
}

deadline_ms deadline_sooner(deadline_ms a, deadline_ms b)
{
    return a < b ? a : b;
}

int deadline_left(deadline_ms when)
{
    int64_t left;

    if (when == DEADLINE_NEVER)
        return -1;
    left = when - clock_now_ms();
    return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}
