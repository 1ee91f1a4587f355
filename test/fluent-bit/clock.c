/*
 * Preloaded into Fluent Bit by the lab: its clock tells a date that is as many seconds wrong as the file ROUTER_CLOCK
 * says, a 64-bit integer that may change at any time. Monotonic clocks stay right, as they do on a host whose date is set.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static volatile const int64_t *wrong;

__attribute__((constructor)) static void open_file(void)
{
    int file = open(getenv("ROUTER_CLOCK"), O_RDONLY);
    void *map = mmap(NULL, sizeof *wrong, PROT_READ, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) {
        abort();
    }
    wrong = map;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*right)(clockid_t, struct timespec *);
    if (right == NULL) {
        right = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
    }
    int result = right(clock, now);
    if (result == 0 && wrong != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += *wrong;
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    (void) zone;
    struct timespec exact;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return result;
}

time_t time(time_t *seconds)
{
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (seconds != NULL) {
        *seconds = exact.tv_sec;
    }
    return exact.tv_sec;
}
