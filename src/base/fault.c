#include "base/fault.h"

#ifndef TLSFLEET_RELEASE
static _Thread_local long armed = -1, seen;

void fault_arm(long nth)
{
    armed = nth;
    seen = 0;
}

long fault_seen(void)
{
    return seen;
}

bool fault_here(void)
{
    return armed >= 0 && ++seen == armed;
}
#endif
