/* Makes the n-th call below a folder fail, or kills the process before it. Preloaded, so it sees
 * what goes through the C library: all of Rust's std, and SQLite.
 *
 *   FAIL_CALL   which call: open, write, ..., or `any` of those that change something
 *   FAIL_WHEN   the number of the call, from 1
 *   FAIL_ERROR  errno; 0 kills
 *   FAIL_UNDER  the folder
 *   FAIL_TOLD   a file that is told which call it was, or at the end how many there were
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long seen;

/* Straight to the kernel: these calls must not be seen. */
static void tell(const char *text) {
    const char *path = getenv("FAIL_TOLD");
    if (!path) return;
    int file = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    syscall(SYS_write, file, text, strlen(text));
    syscall(SYS_close, file);
}

static int fails(const char *call, int changes, const char *path, int file) {
    const char *wanted = getenv("FAIL_CALL"), *under = getenv("FAIL_UNDER");
    if (!wanted || !under) return 0;
    if (strcmp(wanted, "any") ? strcmp(wanted, call) != 0 : !changes) return 0;
    char link[64], name[4096];
    if (!path || path[0] != '/') {
        if (file < 0) return 0;
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, name, sizeof name - 1);
        if (length < 0) return 0;
        name[length] = 0;
        path = name;
    }
    if (strncmp(path, under, strlen(under)) != 0) return 0;
    if (atomic_fetch_add(&seen, 1) + 1 != atol(getenv("FAIL_WHEN"))) return 0;
    char text[4400];
    snprintf(text, sizeof text, "%s of %s", call, path);
    tell(text);
    int error = atoi(getenv("FAIL_ERROR"));
    if (!error) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = error;
    return 1;
}

__attribute__((destructor)) static void count(void) {
    if (!getenv("FAIL_WHEN") || atol(getenv("FAIL_WHEN")) != 0) return;
    char text[32];
    snprintf(text, sizeof text, "%ld", atomic_load(&seen));
    tell(text);
}

#define NEXT(result, name, ...)                                                                    \
    static result (*next)(__VA_ARGS__);                                                            \
    if (!next) next = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)
#define ON_FILE(result, name, call, changes, parameters, arguments, ...)                           \
    result name parameters {                                                                       \
        NEXT(result, name, __VA_ARGS__);                                                           \
        return fails(call, changes, 0, file) ? -1 : next arguments;                                \
    }
#define ON_PATH(name, call, parameters, arguments, ...)                                            \
    int name parameters {                                                                          \
        NEXT(int, name, __VA_ARGS__);                                                              \
        return fails(call, 1, path, -1) ? -1 : next arguments;                                     \
    }
#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...) {                                                   \
        NEXT(int, name, const char *, int, ...);                                                   \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;                                  \
        va_end(list);                                                                              \
        return fails("open", flags & (O_CREAT | O_TRUNC), path, -1) ? -1                           \
                                                                    : next(path, flags, mode);     \
    }

OPEN(open)
OPEN(open64)
ON_FILE(ssize_t, write, "write", 1, (int file, const void *data, size_t size),
        (file, data, size), int, const void *, size_t)
ON_FILE(ssize_t, writev, "write", 1, (int file, const struct iovec *data, int count),
        (file, data, count), int, const struct iovec *, int)
ON_FILE(ssize_t, pwrite, "write", 1, (int file, const void *data, size_t size, off_t at),
        (file, data, size, at), int, const void *, size_t, off_t)
ON_FILE(ssize_t, pwrite64, "write", 1, (int file, const void *data, size_t size, off64_t at),
        (file, data, size, at), int, const void *, size_t, off64_t)
ON_FILE(ssize_t, read, "read", 0, (int file, void *data, size_t size),
        (file, data, size), int, void *, size_t)
ON_FILE(ssize_t, pread64, "read", 0, (int file, void *data, size_t size, off64_t at),
        (file, data, size, at), int, void *, size_t, off64_t)
ON_FILE(int, fsync, "sync", 1, (int file), (file), int)
ON_FILE(int, fdatasync, "sync", 1, (int file), (file), int)
ON_FILE(int, ftruncate, "truncate", 1, (int file, off_t size), (file, size), int, off_t)
ON_FILE(int, ftruncate64, "truncate", 1, (int file, off64_t size), (file, size), int, off64_t)
ON_FILE(int, flock, "lock", 0, (int file, int how), (file, how), int, int)
ON_PATH(rename, "rename", (const char *path, const char *to), (path, to), const char *,
        const char *)
ON_PATH(unlink, "unlink", (const char *path), (path), const char *)
ON_PATH(rmdir, "unlink", (const char *path), (path), const char *)
ON_PATH(mkdir, "mkdir", (const char *path, mode_t mode), (path, mode), const char *, mode_t)
int unlinkat(int file, const char *path, int flags) {
    NEXT(int, unlinkat, int, const char *, int);
    return fails("unlink", 1, path, file) ? -1 : next(file, path, flags);
}
