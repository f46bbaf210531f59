/** The program as a process: started over a pack, asked over HTTP, ended. */
#ifndef ZW_TESTS_FLOW_PROCESS_H
#define ZW_TESTS_FLOW_PROCESS_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
    pid_t pid; /* 0: none */
    FILE *log; /* what it says; kept open as long as it lives */
    int port;
};

/** Starts the program and reads from its log which port it listens on. */
static inline void process_start(struct process *process, const char *folder, const char *db)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    process->pid = fork();
    assert_true(process->pid >= 0);
    if (process->pid == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)execl(ZW_PROGRAM, ZW_PROGRAM, "run", folder, "--db", db, "--listen", "127.0.0.1:0",
                    (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    process->log = fdopen(ends[0], "r");
    assert_non_null(process->log);
    char line[512];
    process->port = 0;
    while (process->port == 0 && fgets(line, sizeof(line), process->log) != NULL) {
        const char *at = strstr(line, "listening on port ");
        process->port = at != NULL ? (int)strtol(at + strlen("listening on port "), NULL, 10) : 0;
    }
    assert_true(process->port > 0);
}

static inline void process_end(struct process *process, int number)
{
    int status = 0;
    if (process->pid > 0) {
        assert_int_equal(kill(process->pid, number), 0);
        assert_int_equal(waitpid(process->pid, &status, 0), process->pid);
        (void)fclose(process->log);
        process->pid = 0;
    }
}

/** Runs curl on a path of the process; `before` stands before "| curl" or is "", `options` behind
 * it. @return the body, in `out`. */
static inline const char *process_curl(const struct process *process, const char *before,
                                       const char *options, const char *path, char *out,
                                       size_t size)
{
    char command[1024];
    assert_true(snprintf(command, sizeof(command),
                         "%scurl -s -S --max-time 60 %s 'http://127.0.0.1:%d%s'", before, options,
                         process->port, path) < (int)sizeof(command));
    FILE *curl = popen(command, "r");
    assert_non_null(curl);
    size_t len = fread(out, 1, size - 1, curl);
    out[len] = '\0';
    assert_int_equal(pclose(curl), 0);
    return out;
}

static inline const char *process_get(const struct process *process, const char *path, char *out,
                                      size_t size)
{
    return process_curl(process, "", "", path, out, size);
}

/** Posts tidy CSV rows "measure,area,period,value", separated by "\\n" as printf has it. */
static inline const char *process_post(const struct process *process, const char *rows, char *out,
                                       size_t size)
{
    char before[512];
    assert_true(snprintf(before, sizeof(before), "printf 'measure,area,period,value\\n%s\\n' | ",
                         rows) < (int)sizeof(before));
    return process_curl(process, before, "-H 'Content-Type: text/csv' --data-binary @-",
                        "/api/v1/observations?source=test", out, size);
}

#endif
