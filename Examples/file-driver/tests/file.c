// What holds for this driver alone: what is acknowledged stays, whatever happens to the process or
// the file.

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "tests/test.h"

const char own_name[] = "file", own_limit[] = "file-max-objects";

static char top[] = "/tmp/kms-file-test-XXXXXX";
static char folder[64], journal[96]; // of the place named last

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at) {
  (void)status, (void)type, (void)at;
  return remove(path);
}

static void remove_all(void) { nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS); }

kms_setting fresh_place(void) {
  static unsigned count;
  if (count == 0) {
    CHECK(mkdtemp(top) != NULL);
    atexit(remove_all);
  }
  const int size = snprintf(folder, sizeof folder, "%s/%u", top, ++count);
  snprintf(journal, sizeof journal, "%s/kms.journal", folder);
  return (kms_setting){.name = TEXT("file-path"), .text = {folder, (size_t)size}};
}

static kms_status try_open(const kms_setting *place, uint32_t flags, kms_database **out) {
  test_call call;
  test_call_init(&call, 0, 0);
  const kms_database_open options = {
    .struct_size = sizeof options, .flags = flags, .concurrency = 8, .settings = place,
    .setting_count = 1,
  };
  *out = NULL;
  return driver.open(&options, &call.call, out, test_error());
}

static kms_context context_of(kms_database *database) {
  test_call call;
  test_call_init(&call, 0, 0);
  kms_context context = {.struct_size = sizeof context};
  CHECK(driver.context(database, &call.call, &context, test_error()) == KMS_OK);
  return context;
}

static off_t size_of_journal(void) {
  struct stat found;
  CHECK(stat(journal, &found) == 0);
  return found.st_size;
}

static void put_byte(off_t at, int change) {
  const int file = open(journal, O_RDWR | O_CLOEXEC);
  uint8_t byte;
  CHECK(file >= 0 && pread(file, &byte, 1, at) == 1);
  byte = (uint8_t)(byte ^ change);
  CHECK(pwrite(file, &byte, 1, at) == 1 && close(file) == 0);
}

static void append_bytes(const void *bytes, size_t size) {
  const int file = open(journal, O_WRONLY | O_APPEND | O_CLOEXEC);
  CHECK(file >= 0 && write(file, bytes, size) == (ssize_t)size && close(file) == 0);
}

static void keeps_everything_beyond_the_last_close(void) {
  const kms_term terms[] = {
    {.path = TEXT("Name"), .flags = KMS_TERM_UNIQUE,
     .value = {.type = KMS_VALUE_TEXT, .rank = KMS_RANK_RARE, .bytes = BYTES("key 1")}},
    {.path = TEXT("Length"), .value = {.type = KMS_VALUE_INTEGER, .number = -256}},
  };
  kms_database *database = open_ready();
  const kms_setting place = {
    .name = TEXT("file-path"), .text = {folder, strlen(folder)},
  };
  kms_write write = create(TEXT("a"), TEXT("ann"), 7);
  write.object.tags = LIST(TEXT("prod"), TEXT("b\xc3\xbc"), TEXT(""));
  write.object.terms = terms;
  write.object.term_count = 2;
  CHECK(write_one(database, write) == KMS_OK);
  CHECK(write_one(database, create(TEXT("b"), TEXT(""), 8)) == KMS_OK);
  CHECK(write_one(database, create(TEXT("gone"), TEXT("ann"), 9)) == KMS_OK);
  CHECK(write_one(database, (kms_write){.op = KMS_WRITE_DELETE, .object.uid = TEXT("gone")}) ==
        KMS_OK);
  CHECK(write_one(database, grant(TEXT("h"), TEXT("bob"), 6)) == KMS_OK);
  CHECK(write_one(database, (kms_write){.op = KMS_WRITE_UPDATE, .parts = KMS_PART_STATE,
                                        .object = {.uid = TEXT("b"), .state = 4,
                                                   .revision = 10}}) == KMS_OK);
  kms_objects first = query(database, (kms_query){.limit = 1});
  uint8_t bytes[KMS_MAX_CURSOR];
  const kms_bytes cursor = {bytes, first.cursor.size};
  memcpy(bytes, first.cursor.data, first.cursor.size);
  end(first.owner);

  for (int round = 0; round < 3; round++) {
    driver.close(database);
    CHECK(try_open(&place, round == 1 ? KMS_OPEN_READ_ONLY : 0, &database) == KMS_OK);
    const kms_context context = context_of(database);
    CHECK(context.state == KMS_SCHEMA_READY && strcmp(context.version, "1.2.3") == 0);
    kms_objects a = get_one(database, TEXT("a"), (kms_text_list){0});
    CHECK(a.items[0].revision == 7 && same(a.items[0].owner, "ann") && a.items[0].type == 2);
    CHECK(a.items[0].object.size == 12 && test_is_secure(a.items[0].object));
    CHECK(memcmp(a.items[0].object.data, "secret bytes", 12) == 0);
    CHECK(a.items[0].tags.count == 3 && same(a.items[0].tags.items[1], "b\xc3\xbc"));
    end(a.owner);
    const kms_filter length = {
      .op = KMS_FILTER_EQUAL, .path = TEXT("Length"),
      .value = {.type = KMS_VALUE_INTEGER, .number = -256},
    };
    EXPECT(query(database, (kms_query){.filters = &length, .filter_count = 1}), "a");
    EXPECT(query(database, (kms_query){.cursor = cursor}), "b"); // cursors live on, too
    CHECK(revision_of(database, TEXT("b")) == 10);
    kms_objects h = get_one(database, TEXT("h"), LIST(TEXT("bob")));
    CHECK(h.items[0].status == KMS_NOT_FOUND && h.items[0].rights == 6);
    end(h.owner);
    if (round == 1) continue;
    write.object.uid = TEXT("c");
    CHECK(write_one(database, write) == KMS_EXISTS); // the unique term is still taken
  }
  driver.close(database);
}

static void writes_over_what_a_crash_cut_short(void) {
  kms_database *database = open_ready();
  const kms_setting place = {.name = TEXT("file-path"), .text = {folder, strlen(folder)}};
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  const off_t whole = size_of_journal();
  CHECK(write_one(database, create(TEXT("b"), TEXT("ann"), 1)) == KMS_OK);
  const off_t both = size_of_journal();
  driver.close(database);

  for (off_t cut = both - 1; cut >= whole; cut--) {
    CHECK(truncate(journal, cut) == 0);
    CHECK(try_open(&place, 0, &database) == KMS_OK);
    EXPECT(query(database, (kms_query){0}), "a");
    CHECK(size_of_journal() == cut); // opening alone writes nothing
    CHECK(write_one(database, create(TEXT("b"), TEXT("ann"), 1)) == KMS_OK);
    CHECK(size_of_journal() == both);
    driver.close(database);
  }
  char unfinished[128]; // of a new file that was not renamed any more
  snprintf(unfinished, sizeof unfinished, "%s.new", journal);
  CHECK(link(journal, unfinished) == 0);
  CHECK(try_open(&place, 0, &database) == KMS_OK);
  driver.close(database);
  CHECK(access(unfinished, F_OK) != 0 && errno == ENOENT);

  const uint8_t zeros[5000] = {0}; // a file that grew before its bytes were there
  append_bytes(zeros, sizeof zeros);
  CHECK(try_open(&place, 0, &database) == KMS_OK);
  EXPECT(query(database, (kms_query){0}), "a", "b");
  CHECK(write_one(database, create(TEXT("c"), TEXT("ann"), 1)) == KMS_OK);
  driver.close(database);
  CHECK(try_open(&place, 0, &database) == KMS_OK);
  EXPECT(query(database, (kms_query){0}), "a", "b", "c");
  driver.close(database);
}

static void finds_damage_in_every_byte(void) {
  kms_database *database = open_ready();
  const kms_setting place = {.name = TEXT("file-path"), .text = {folder, strlen(folder)}};
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  const off_t end_of_a = size_of_journal();
  CHECK(write_one(database, create(TEXT("b"), TEXT("ann"), 1)) == KMS_OK);
  driver.close(database);

  for (off_t at = 0; at < end_of_a; at++) {
    put_byte(at, 0x10);
    const kms_status status = try_open(&place, 0, &database);
    if (status == KMS_OK) { // then the file is not ours, or of a newer driver
      const uint32_t state = context_of(database).state;
      CHECK(at < 16 && (state == KMS_SCHEMA_FOREIGN || state == KMS_SCHEMA_AHEAD));
      CHECK(migrate(database) == KMS_UNSUPPORTED);
      driver.close(database);
    } else {
      CHECK(status == KMS_CORRUPT);
    }
    put_byte(at, 0x10);
  }
  CHECK(try_open(&place, 0, &database) == KMS_OK);
  EXPECT(query(database, (kms_query){0}), "a", "b");
  driver.close(database);
}

static void leaves_foreign_files_alone(void) {
  kms_database *database = open_ready();
  const kms_setting place = {.name = TEXT("file-path"), .text = {folder, strlen(folder)}};
  driver.close(database);
  const char other[] = "letter to nobody";
  CHECK(truncate(journal, 0) == 0);
  append_bytes(other, sizeof other);
  CHECK(try_open(&place, 0, &database) == KMS_OK);
  CHECK(context_of(database).state == KMS_SCHEMA_FOREIGN);
  test_call call;
  test_call_init(&call, 0, 0);
  kms_texts plan = {.struct_size = sizeof plan};
  CHECK(migrate(database) == KMS_UNSUPPORTED);
  CHECK(driver.plan(database, &call.call, &plan, test_error()) == KMS_UNSUPPORTED);
  CHECK(driver.clear(database, &call.call, true, test_error()) == KMS_UNSUPPORTED);
  kms_written out;
  const kms_write write = create(TEXT("a"), TEXT("ann"), 1);
  CHECK(apply(database, &write, 1, &out) == KMS_UPGRADING);
  driver.close(database);
  CHECK(size_of_journal() == sizeof other);
}

static void creates_nothing_when_read_only(void) {
  const kms_setting place = fresh_place();
  kms_database *database;
  CHECK(try_open(&place, KMS_OPEN_READ_ONLY, &database) == KMS_UNAVAILABLE);
  CHECK(access(folder, F_OK) != 0);
}

static void forgets_what_is_past(void) {
  kms_database *database = open_ready();
  const kms_setting place = {.name = TEXT("file-path"), .text = {folder, strlen(folder)}};
  CHECK(write_one(database, create(TEXT("first"), TEXT("ann"), 1)) == KMS_OK);
  enum { SIZE = 100000 };
  uint8_t *canary = malloc(SIZE);
  CHECK(canary != NULL);
  memset(canary, 'K', SIZE);
  kms_write write = create(TEXT("large"), TEXT("ann"), 1);
  write.object.object = (kms_bytes){canary, SIZE};
  CHECK(write_one(database, grant(TEXT("first"), TEXT("bob"), 5)) == KMS_OK);
  for (int i = 0; i < 100; i++) {
    write.op = i % 2 == 0 ? KMS_WRITE_CREATE : KMS_WRITE_DELETE;
    CHECK(write_one(database, write) == KMS_OK);
    CHECK(size_of_journal() < 3 * 1024 * 1024); // ten megabytes go through it in all
  }
  CHECK(write_one(database, create(TEXT("last"), TEXT("ann"), 2)) == KMS_OK);
  driver.close(database);
  CHECK(try_open(&place, 0, &database) == KMS_OK);
  EXPECT(query(database, (kms_query){0}), "first", "last");
  kms_objects first = get_one(database, TEXT("first"), LIST(TEXT("bob")));
  CHECK(first.items[0].rights == 5);
  end(first.owner);

  test_call call;
  test_call_init(&call, 0, 0);
  CHECK(driver.clear(database, &call.call, false, test_error()) == KMS_OK);
  CHECK(size_of_journal() < 200); // the keys are not in it any more
  driver.close(database);
  CHECK(try_open(&place, 0, &database) == KMS_OK);
  expect_uids(query(database, (kms_query){0}), 0, NULL);
  driver.close(database);
  free(canary);
}

static void serves_one_process_at_a_time(void) {
  kms_database *database = open_ready(), *second;
  const kms_setting place = {.name = TEXT("file-path"), .text = {folder, strlen(folder)}};
  CHECK(try_open(&place, 0, &second) == KMS_OK); // the same process
  driver.close(second);

  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    // Another spelling, as the table of open stores was inherited and the lock was not.
    char other[96];
    const int size = snprintf(other, sizeof other, "%s/.", folder);
    const kms_setting same_place = {.name = place.name, .text = {other, (size_t)size}};
    _exit(try_open(&same_place, 0, &second) == KMS_UNAVAILABLE ? 0 : 1);
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  driver.close(database);
}

enum { PAIR = 2, CHUNK = 5000 };

/// Writes pairs of objects until it is killed, and tells by one byte each what was acknowledged.
static void write_pairs(const kms_setting *place, int tell) {
  kms_database *database;
  static uint8_t bytes[CHUNK];
  CHECK(try_open(place, 0, &database) == KMS_OK);
  for (unsigned n = 0;; n++) {
    char names[PAIR][16];
    kms_write items[PAIR];
    kms_written out[PAIR];
    for (int i = 0; i < PAIR; i++) {
      const int size = snprintf(names[i], sizeof names[i], "%u-%d", n % 50, i);
      const kms_text uid = {names[i], (size_t)size};
      items[i] = create(uid, TEXT("ann"), n + 1);
      items[i].object.object = (kms_bytes){bytes, sizeof bytes};
      if (n >= 50) items[i].op = KMS_WRITE_UPDATE;
      items[i].parts = KMS_PART_OBJECT;
    }
    CHECK(apply(database, items, PAIR, out) == KMS_OK && out[0].status == KMS_OK);
    CHECK(write(tell, "", 1) == 1);
  }
}

/// All of a batch or none, and all that was acknowledged, wherever the process is killed.
static void survives_kill_in_the_middle_of_apply(void) {
  const unsigned kills = rounds < 1000 ? 10 : 40;
  for (unsigned round = 0; round < kills; round++) {
    kms_database *database = open_ready();
    const kms_setting place = {.name = TEXT("file-path"), .text = {folder, strlen(folder)}};
    driver.close(database);
    int pipe_ends[2];
    CHECK(pipe(pipe_ends) == 0);
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) write_pairs(&place, pipe_ends[1]);
    close(pipe_ends[1]);

    char told[512];
    unsigned acknowledged = 0;
    while (acknowledged < 3 + round * 9) { // then at some moment of the next one
      const ssize_t count = read(pipe_ends[0], told, sizeof told);
      CHECK(count > 0);
      acknowledged += (unsigned)count;
    }
    nanosleep(&(struct timespec){.tv_nsec = (long)(round * 37 % 50) * 10000}, NULL);
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    for (ssize_t count; (count = read(pipe_ends[0], told, sizeof told)) > 0;)
      acknowledged += (unsigned)count;
    close(pipe_ends[0]);

    CHECK(try_open(&place, 0, &database) == KMS_OK);
    uint64_t last = 0;
    for (unsigned n = 0; n < 50; n++) {
      char names[PAIR][16];
      uint64_t revisions[PAIR];
      for (int i = 0; i < PAIR; i++) {
        const int size = snprintf(names[i], sizeof names[i], "%u-%d", n, i);
        revisions[i] = revision_of(database, (kms_text){names[i], (size_t)size});
      }
      CHECK(revisions[0] == revisions[1]);
      if (revisions[0] > last) last = revisions[0];
    }
    CHECK(last == acknowledged || last == acknowledged + 1);
    driver.close(database);
  }
}

static void limit_file_size(off_t size) {
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_FSIZE, &limit) == 0);
  limit.rlim_cur = (rlim_t)size;
  CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

/// A full disk: nothing is written, nothing is lost, and it goes on when there is room again.
static void survives_a_full_disk(void) {
  kms_database *database = open_ready();
  const kms_setting place = {.name = TEXT("file-path"), .text = {folder, strlen(folder)}};
  CHECK(write_one(database, create(TEXT("a"), TEXT("ann"), 1)) == KMS_OK);
  driver.close(database);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN); // else the limit would end us
    limit_file_size(size_of_journal() + 100);
    CHECK(try_open(&place, 0, &database) == KMS_OK);
    const kms_write write = create(TEXT("b"), TEXT("ann"), 1);
    kms_written out;
    kms_error *error = test_error();
    test_call call;
    test_call_init(&call, 0, 0);
    CHECK(driver.apply(database, &call.call, &write, 1, &out, error) == KMS_UNAVAILABLE);
    CHECK(error->native_code == EFBIG && error->flags == KMS_ERROR_RETRYABLE);
    EXPECT(query(database, (kms_query){0}), "a");
    const kms_write small = grant(TEXT("a"), TEXT("bob"), 1);
    CHECK(apply(database, &small, 1, &out) == KMS_UNAVAILABLE);
    limit_file_size(size_of_journal() + 100000);
    CHECK(write_one(database, small) == KMS_OK && write_one(database, write) == KMS_OK);
    _exit(0);
  }
  int status = -1;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  CHECK(try_open(&place, 0, &database) == KMS_OK);
  EXPECT(query(database, (kms_query){0}), "a", "b");
  driver.close(database);
}

#define ROW(name) {#name, name}
const test_case own_cases[] = {
  ROW(keeps_everything_beyond_the_last_close),
  ROW(writes_over_what_a_crash_cut_short),
  ROW(finds_damage_in_every_byte),
  ROW(leaves_foreign_files_alone),
  ROW(creates_nothing_when_read_only),
  ROW(forgets_what_is_past),
  ROW(serves_one_process_at_a_time),
  ROW(survives_kill_in_the_middle_of_apply),
  ROW(survives_a_full_disk),
  {NULL, NULL},
};
