/* clock -- monotonic deadlines.  A deadline is a point in time, not a span;
 * spans are in milliseconds.  Safe from any thread. */
#pragma once

#include <stdint.h>

typedef int64_t deadline_ms;
#define DEADLINE_NEVER INT64_MAX

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t clock_now_ms(void);
/* Microseconds of CLOCK_MONOTONIC, for measuring stages. */
int64_t clock_now_us(void);
/* Seconds since 1970, of the wall clock: for "time" and certificate dates,
 * never for deadlines. */
int64_t clock_wall(void);
/* The same in milliseconds, to notice when somebody sets it. */
int64_t clock_wall_ms(void);

/* The point "ms" from now; a negative span means DEADLINE_NEVER. */
deadline_ms deadline_in(int64_t ms);
/* The earlier of two points. */
deadline_ms deadline_sooner(deadline_ms a, deadline_ms b);
/* Milliseconds left, as poll(2) wants them: -1 never, 0 passed. */
int deadline_left(deadline_ms when);
