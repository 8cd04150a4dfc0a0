#include "gate.h"

#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool opened;
static unsigned came;

void gate_stand(void)
{
    pthread_mutex_lock(&lock);
    came++;
    pthread_cond_broadcast(&changed);
    while (!opened)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

void gate_open(void)
{
    pthread_mutex_lock(&lock);
    opened = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void gate_await(unsigned count)
{
    pthread_mutex_lock(&lock);
    while (came < count)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}
