/*
 * The crash trial: the real process, loaded by four clients, is killed with SIGKILL at random
 * instants, started again, and asked what it has. Ends with a failure unless
 *
 * 1. every acknowledged row is there, with the value and the number of versions it was told with;
 * 2. the one batch of each client whose answer never came is wholly there or wholly absent;
 * 3. while it ran, nobody saw a part of a batch;
 * 4. SQLite finds the file whole, and `verify` finds nothing.
 *
 *     crash KILLS [SEED] [line]
 *
 * A client whose batch was not acknowledged sends it again, as clients do: it is taken once.
 */
#include "../wire.h"
#include "told.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum {
    CLIENTS = 4,
    KILLS_A_STORE = 20, /* then a fresh one: what is compared stays small */
    ANSWERS_MAX = 60,   /* before a kill, in all */
    AFTER_US = 4000,    /* a kill comes so long after an answer at most */
    HEAD_BYTES = 512,
    WINDOW_S = 2 * BATCH_SECONDS_MAX,
    DB_BYTES = 96,
    COMMAND_BYTES = 512
};

/* Everything the threads share; `lock` guards the tolds and what follows it. */
struct trial {
    char folder[64], db[DB_BYTES];
    bool is_line;
    pid_t server;
    int port;
    struct told *tolds[CLIENTS];
    pthread_mutex_t lock;
    pthread_cond_t answered;
    unsigned answers; /* since the server's start */
    size_t looks;     /* how often a reader compared */
};

struct client {
    struct trial *trial;
    unsigned number;
    unsigned seed;
};

static void write_pack(const struct trial *trial)
{
    char path[DB_BYTES];
    (void)snprintf(path, sizeof(path), "%s/init.lua", trial->folder);
    FILE *file = fopen(path, "w");
    MUST(file != NULL, "no %s", path);
    (void)fputs("local z = zone \"z\" { timezone = \"UTC\" }\n", file);
    for (unsigned c = 0; c < CLIENTS; c++) {
        (void)fprintf(file, "local c%u = area \"c%u\" { within = z }\n", c, c);
        for (unsigned a = 0; a < AREAS; a++) {
            (void)fprintf(file, "area \"c%u_%u\" { within = c%u }\n", c, a, c);
        }
    }
    (void)fputs("local load = measure \"load\" { kind = \"gauge\", unit = \"u\", every = \"1s\" }\n"
                "alert \"high\" { each = z.areas, warning = load:over(60) }\n"
                "notify \"office\" { to = log() }\n",
                file);
    (void)fclose(file);
}

/* The port that the log names; 0 while it names none. */
static int port_in(const char *log)
{
    char line[512];
    int port = 0;
    FILE *file = fopen(log, "r");
    while (file != NULL && port == 0 && fgets(line, sizeof(line), file) != NULL) {
        const char *at = strstr(line, "listening on port ");
        port = at != NULL ? (int)strtol(at + strlen("listening on port "), NULL, 10) : 0;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return port;
}

static void server_spawn(struct trial *trial)
{
    char log[DB_BYTES];
    (void)snprintf(log, sizeof(log), "%s/log", trial->folder);
    (void)unlink(log);
    trial->server = fork();
    MUST(trial->server >= 0, "no process");
    if (trial->server == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a trial that fails leaves nobody behind */
        int to = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        (void)dup2(to, STDERR_FILENO);
        (void)close(to);
        (void)execl(ZW_PROGRAM, ZW_PROGRAM, "run", trial->folder, "--db", trial->db, "--listen",
                    "127.0.0.1:0", (char *)NULL);
        _exit(127);
    }
}

static void server_reap(struct trial *trial, int number)
{
    int status = 0;
    (void)kill(trial->server, number);
    MUST(waitpid(trial->server, &status, 0) == trial->server, "the server is gone");
    if (number == SIGKILL) {
        MUST(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
             "the server ended by itself: status %d; see %s/log", status, trial->folder);
    } else {
        MUST(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the server ended with %d", status);
    }
}

static void server_start(struct trial *trial)
{
    char log[DB_BYTES];
    (void)snprintf(log, sizeof(log), "%s/log", trial->folder);
    server_spawn(trial);
    trial->port = 0;
    while (trial->port == 0) {
        int status = 0;
        MUST(waitpid(trial->server, &status, WNOHANG) == 0, "the server does not start: see %s",
             log);
        (void)usleep(1000);
        trial->port = port_in(log);
    }
    trial->answers = 0;
}

/* --- the clients -------------------------------------------------------------------------- */

/* What the answer counts under a name. */
static size_t counted(const char *body, const char *name)
{
    const char *at = strstr(body, name);
    MUST(at != NULL, "an answer without %s: %s", name, body);
    return strtoul(at + strlen(name), NULL, 10);
}

/* The open batch was acknowledged. */
static void take_answer(const struct trial *trial, struct told *told, const char *body)
{
    if (!trial->is_line) {
        size_t accepted = counted(body, "\"accepted\":");
        size_t unchanged = counted(body, "\"unchanged\":");
        MUST(accepted == told->count, "of %zu rows %zu were accepted", told->count, accepted);
        MUST(unchanged == 0 || unchanged == told->count, "of %zu rows %zu were there before",
             told->count, unchanged);
    }
    told_close(told);
}

/* Posts until the connection breaks. */
static void *client_run(void *arg)
{
    struct client *client = arg;
    struct trial *trial = client->trial;
    struct told *told = trial->tolds[client->number];
    struct wire *wire = calloc(1, sizeof(*wire));
    char head[HEAD_BYTES];
    MUST(wire != NULL, "no memory");
    bool is_open = wire_open(wire, trial->port);
    while (is_open) {
        (void)pthread_mutex_lock(&trial->lock);
        if (!told->is_open) {
            told_open(told, &client->seed, trial->is_line);
        }
        (void)pthread_mutex_unlock(&trial->lock);
        (void)snprintf(head, sizeof(head),
                       "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n"
                       "Content-Length: %zu\r\n\r\n",
                       trial->is_line ? "/write?precision=s" : "/api/v1/observations?source=crash",
                       trial->is_line ? "text/plain" : "text/csv", told->len);
        int status = wire_ask(wire, head, told->body, told->len);
        is_open = status != 0;
        MUST(status == 0 || status == 200 || status == 204 || status == 429 || status == 503,
             "client %u is answered %s", client->number, wire->answer);
        (void)pthread_mutex_lock(&trial->lock);
        if (status == 200 || status == 204) {
            take_answer(trial, told, wire->body);
            trial->answers++;
            (void)pthread_cond_signal(&trial->answered);
        }
        (void)pthread_mutex_unlock(&trial->lock);
    }
    wire_close(wire);
    free(wire);
    return NULL;
}

/* How many seconds from `from` on the server shows of a client's first area. */
static size_t seen_seconds(struct wire *wire, unsigned client, size_t from)
{
    char head[HEAD_BYTES];
    char first[32];
    char last[32];
    unsigned a = (unsigned)from;
    unsigned b = (unsigned)(from + WINDOW_S);
    static const char form[] = "2024-06-%02uT%02u:%02u:%02uZ";
    (void)snprintf(first, sizeof(first), form, a / DAY_S + 1, a / 3600 % 24, a / 60 % 60, a % 60);
    (void)snprintf(last, sizeof(last), form, b / DAY_S + 1, b / 3600 % 24, b / 60 % 60, b % 60);
    (void)snprintf(head, sizeof(head),
                   "GET /api/v1/series?name=load&area=c%u_0&from=%s&to=%s HTTP/1.1\r\n"
                   "Host: localhost\r\n\r\n",
                   client, first, last);
    if (wire_ask(wire, head, NULL, 0) != 200) {
        return SIZE_MAX;
    }
    size_t count = 0;
    static const char value[] = "\"value\":";
    for (const char *at = strstr(wire->body, value); at != NULL; at = strstr(at, value)) {
        at += sizeof(value) - 1;
        count += *at >= '0' && *at <= '9';
    }
    return count;
}

/* Looks at the newest seconds while they come, until the connection breaks. */
static void *reader_run(void *arg)
{
    struct client *client = arg;
    struct trial *trial = client->trial;
    struct wire *wire = calloc(1, sizeof(*wire));
    MUST(wire != NULL, "no memory");
    bool is_open = wire_open(wire, trial->port);
    while (is_open) {
        unsigned number = (unsigned)rand_r(&client->seed) % CLIENTS;
        struct told *told = trial->tolds[number];
        (void)pthread_mutex_lock(&trial->lock);
        size_t from = told->rows / AREAS;
        (void)pthread_mutex_unlock(&trial->lock);
        size_t seen = seen_seconds(wire, number, from);
        is_open = seen != SIZE_MAX;
        (void)pthread_mutex_lock(&trial->lock);
        MUST(!is_open || told_ends_at(told, (from + seen) * AREAS),
             "client %u: %zu seconds are seen behind %zu: a part of a batch", number, seen, from);
        trial->looks += is_open;
        (void)pthread_mutex_unlock(&trial->lock);
        (void)usleep(2000);
    }
    wire_close(wire);
    free(wire);
    return NULL;
}

/* --- what is there after a kill ----------------------------------------------------------- */

/* What an export says of one client: versions and newest value of each row. */
struct found {
    uint8_t versions[ROWS_MAX];
    uint32_t values[ROWS_MAX];
};

/* One line of the export, of all versions in order. */
static void take_line(struct found *const *found, const char *line)
{
    unsigned client = 0;
    unsigned area = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    /* NOLINTNEXTLINE(cert-err34-c): few digits, and held against their bounds below */
    int read = sscanf(line, "load,c%u_%u,2024-06-%2uT%2u:%2u:%2u", &client, &area, &day, &hour,
                      &minute, &second);
    MUST(read == 6, "the export says: %s", line);
    MUST(client < CLIENTS && area < AREAS, "the export says: %s", line);
    const char *value = strchr(strchr(line + strlen("load,c"), ',') + 1, ',') + 1;
    size_t seconds = (((size_t)day - 1) * 24 + hour) * 3600 + (size_t)minute * 60 + second;
    size_t row = seconds * AREAS + area;
    MUST(row < ROWS_MAX, "the export says: %s", line);
    found[client]->versions[row]++;
    found[client]->values[row] = (uint32_t)(strtod(value, NULL) * 10000 + 0.5);
}

static void read_export(const struct trial *trial, struct found *const *found)
{
    char command[COMMAND_BYTES];
    char line[COMMAND_BYTES];
    (void)snprintf(command, sizeof(command), "'%s' export '%s' --db '%s' --what revisions",
                   ZW_PROGRAM, trial->folder, trial->db);
    FILE *export = popen(command, "r"); /* NOLINT(cert-env33-c): our own words */
    MUST(export != NULL, "no export");
    MUST(fgets(line, sizeof(line), export) != NULL, "an empty export");
    while (fgets(line, sizeof(line), export) != NULL) {
        take_line(found, line);
    }
    MUST(pclose(export) == 0, "the export failed");
}

/* Holds one client's rows against what it was told; an open batch that is in is closed. */
static void compare(struct told *told, const struct found *found)
{
    if (told->is_open && found->versions[told->first] > told->versions[told->first]) {
        told_close(told);
    }
    for (size_t row = 0; row < ROWS_MAX; row++) {
        unsigned wanted = told->versions[row];
        MUST(found->versions[row] == wanted,
             "client %u row %zu: %u versions were told, %u are there (rows told: %zu; open: %zu "
             "from %zu)",
             told->client, row, wanted, found->versions[row], told->rows,
             told->is_open ? told->count : 0, told->first);
        MUST(wanted == 0 || found->values[row] == told_value(told->client, row, wanted),
             "client %u row %zu has another value than version %u", told->client, row, wanted);
    }
}

/* Two pairs of eyes: ours also holds figures against their deliveries, and the journal against the
 * pages. */
static void check_file(const struct trial *trial)
{
    char command[COMMAND_BYTES];
    char said[COMMAND_BYTES] = "";
    (void)snprintf(command, sizeof(command), "sqlite3 '%s' 'PRAGMA integrity_check'", trial->db);
    FILE *sqlite = popen(command, "r"); /* NOLINT(cert-env33-c): our own words */
    MUST(sqlite != NULL && fgets(said, sizeof(said), sqlite) != NULL, "no sqlite3");
    MUST(pclose(sqlite) == 0 && strcmp(said, "ok\n") == 0, "the file is not whole: %s", said);
    (void)snprintf(command, sizeof(command), "'%s' verify --db '%s' >'%s/verify' 2>&1", ZW_PROGRAM,
                   trial->db, trial->folder);
    /* NOLINTNEXTLINE(cert-env33-c): our own words */
    MUST(system(command) == 0, "verify finds faults: see %s/verify", trial->folder);
}

static void check_all(struct trial *trial)
{
    struct found *found[CLIENTS];
    for (unsigned c = 0; c < CLIENTS; c++) {
        found[c] = calloc(1, sizeof(*found[c]));
        MUST(found[c] != NULL, "no memory");
    }
    check_file(trial);
    read_export(trial, found);
    for (unsigned c = 0; c < CLIENTS; c++) {
        compare(trial->tolds[c], found[c]);
        free(found[c]);
    }
}

/* --- the trial ---------------------------------------------------------------------------- */

/* Waits for so many answers and a little longer, then kills. */
static void kill_in_time(struct trial *trial, unsigned *seed)
{
    unsigned answers = (unsigned)rand_r(seed) % ANSWERS_MAX;
    (void)pthread_mutex_lock(&trial->lock);
    while (trial->answers < answers) {
        (void)pthread_cond_wait(&trial->answered, &trial->lock);
    }
    (void)pthread_mutex_unlock(&trial->lock);
    (void)usleep((useconds_t)(rand_r(seed) % AFTER_US));
    server_reap(trial, SIGKILL);
}

static void run_under_load(struct trial *trial, unsigned *seed)
{
    pthread_t threads[CLIENTS + 1];
    struct client clients[CLIENTS + 1];
    for (unsigned i = 0; i <= CLIENTS; i++) {
        clients[i] = (struct client){trial, i, (unsigned)rand_r(seed)};
        MUST(pthread_create(&threads[i], NULL, i < CLIENTS ? client_run : reader_run,
                            &clients[i]) == 0,
             "no thread");
    }
    kill_in_time(trial, seed);
    for (unsigned i = 0; i <= CLIENTS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

static void remove_store(const struct trial *trial)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        char path[DB_BYTES + 8];
        (void)snprintf(path, sizeof(path), "%s%s", trial->db, ends[i]);
        (void)unlink(path);
    }
}

/* Every fourth start is killed on its way, before anything can be asked. */
static void start_killed(struct trial *trial, unsigned *seed)
{
    if (rand_r(seed) % 4 == 0) {
        server_spawn(trial);
        (void)usleep((useconds_t)(rand_r(seed) % (4 * AFTER_US)));
        server_reap(trial, SIGKILL);
    }
}

/* Kills a fresh store so often. @return how many rows were acknowledged. */
static size_t run_store(struct trial *trial, unsigned kills, unsigned *seed)
{
    size_t rows = 0;
    for (unsigned c = 0; c < CLIENTS; c++) {
        trial->tolds[c] = told_create(c);
    }
    remove_store(trial);
    server_start(trial);
    for (unsigned k = 0; k < kills; k++) {
        run_under_load(trial, seed);
        start_killed(trial, seed);
        server_start(trial);
        check_all(trial);
    }
    server_reap(trial, SIGTERM);
    check_all(trial);
    for (unsigned c = 0; c < CLIENTS; c++) {
        rows += trial->tolds[c]->rows;
        told_destroy(trial->tolds[c]);
    }
    return rows;
}

int main(int argc, char **argv)
{
    MUST(argc >= 2 && argc <= 4, "crash KILLS [SEED] [line]");
    unsigned kills = (unsigned)strtoul(argv[1], NULL, 10);
    unsigned seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;
    struct trial *trial = calloc(1, sizeof(*trial));
    MUST(trial != NULL, "no memory");
    trial->is_line = argc > 3;
    (void)snprintf(trial->folder, sizeof(trial->folder), "/tmp/zonewatch-crash-XXXXXX");
    MUST(mkdtemp(trial->folder) != NULL, "no folder");
    (void)snprintf(trial->db, sizeof(trial->db), "%s/store.db", trial->folder);
    MUST(pthread_mutex_init(&trial->lock, NULL) == 0, "no lock");
    MUST(pthread_cond_init(&trial->answered, NULL) == 0, "no condition");
    write_pack(trial);
    size_t rows = 0;
    for (unsigned done = 0; done < kills;) {
        unsigned now = kills - done < KILLS_A_STORE ? kills - done : KILLS_A_STORE;
        rows += run_store(trial, now, &seed);
        done += now;
        (void)printf(
            "%u kills under load, %zu rows acknowledged, %zu looks of readers: all right\n", done,
            rows, trial->looks);
        (void)fflush(stdout);
    }
    char command[COMMAND_BYTES];
    (void)snprintf(command, sizeof(command), "rm -r '%s'", trial->folder);
    MUST(system(command) == 0, "the folder stays"); /* NOLINT(cert-env33-c): our own words */
    free(trial);
    return 0;
}
