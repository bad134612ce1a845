/*
 * Preloaded into a process, makes its changes to files fail as a broken, full or read-only disk would.
 * FAULTS_IN: the directory that is concerned. FAULTS_CONTROL: a file with three numbers: a serial number, the errno, and how
 * many calls succeed first, then "once" or "on". Without the file, or before its turn, every call goes through.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long serial = -1, calls = 0;

static void report(const char *name) {
  const char *path = getenv("FAULTS_CONTROL");
  char fired[4096];
  snprintf(fired, sizeof fired, "%s.fired", path);
  int fd = NEXT(open)(fired, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (fd < 0) return;
  if (NEXT(write)(fd, name, strlen(name)) < 0 || NEXT(write)(fd, "\n", 1) < 0) errno = 0;
  NEXT(close)(fd);
}

/* The errno that this call is to fail with, or 0. */
static int fault(const char *name) {
  const char *path = getenv("FAULTS_CONTROL");
  if (!path) return 0;
  int fd = NEXT(open)(path, O_RDONLY);
  if (fd < 0) return 0;
  char text[100] = "";
  ssize_t length = read(fd, text, sizeof text - 1);
  NEXT(close)(fd);
  long found = 0, after = 0;
  int number = 0;
  char mode[10] = "";
  if (length <= 0 || sscanf(text, "%ld %d %ld %9s", &found, &number, &after, mode) != 4) return 0;
  if (found != serial) {
    serial = found;
    calls = 0;
  }
  long call = __atomic_fetch_add(&calls, 1, __ATOMIC_SEQ_CST);
  if (call < after || (call > after && strcmp(mode, "once") == 0)) return 0;
  report(name);
  return number;
}

static int concerns(const char *path) {
  const char *directory = getenv("FAULTS_IN");
  return directory && path && strncmp(path, directory, strlen(directory)) == 0;
}

static int concerns_fd(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return concerns(path);
}

#define FAIL_IF(concerned, name) \
  int saved = errno;             \
  if (concerned) {               \
    int number = fault(name);    \
    if (number) {                \
      errno = number;            \
      return -1;                 \
    }                            \
  }                              \
  errno = saved

#define ON_FD(type, name, parameters, arguments) \
  type name parameters {                         \
    FAIL_IF(concerns_fd(fd), #name);             \
    return NEXT(name) arguments;                 \
  }
#define ON_PATH(name, parameters, arguments) \
  int name parameters {                      \
    FAIL_IF(concerns(path), #name);          \
    return NEXT(name) arguments;             \
  }
#define ON_OPEN(name)                                                     \
  int name(const char *path, int flags, ...) {                            \
    va_list rest;                                                         \
    va_start(rest, flags);                                                \
    mode_t mode = va_arg(rest, mode_t);                                   \
    va_end(rest);                                                         \
    FAIL_IF((flags & (O_CREAT | O_WRONLY | O_RDWR)) && concerns(path), #name); \
    return NEXT(name)(path, flags, mode);                                 \
  }

ON_FD(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count))
ON_FD(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
ON_FD(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at))
ON_FD(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at))
ON_FD(ssize_t, pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at))
ON_FD(ssize_t, pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at))
ON_FD(int, ftruncate, (int fd, off_t size), (fd, size))
ON_FD(int, ftruncate64, (int fd, off64_t size), (fd, size))
ON_FD(int, fsync, (int fd), (fd))
ON_FD(int, fdatasync, (int fd), (fd))
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(rmdir, (const char *path), (path))
ON_PATH(unlink, (const char *path), (path))
ON_PATH(rename, (const char *path, const char *to), (path, to))
ON_PATH(link, (const char *path, const char *to), (path, to))
ON_OPEN(open)
ON_OPEN(open64)
