#ifndef CLAVIGER_DRIVER_CALL_H
#define CLAVIGER_DRIVER_CALL_H

#include <stdbool.h>

/// Notes that the calling thread runs `function` of `driver` from now on. Two stores to memory of
/// the thread: cheap enough for every call.
///
/// \param driver, function  NUL-terminated, printable, without quotes and backslashes; they live as
///                          long as the process.
///
/// [any-thread] Calls of drivers do not nest.
void platform_enter_driver(const char *driver, const char *function);

/// Notes that the calling thread is back in the program. [any-thread]
void platform_leave_driver(void);

/// Notes a driver that may have threads of its own, which no call accounts for.
///
/// \param driver  As in `platform_enter_driver`. More than eight are not noted.
///
/// [any-thread]
void platform_add_driver(const char *driver);

/// What the line looks like that `platform_announce_last_words` promises.
enum platform_last_words {
    PLATFORM_LAST_WORDS_PLAIN, ///< `program: message`
    PLATFORM_LAST_WORDS_TEXT,  ///< with time and level, as the log has it
    PLATFORM_LAST_WORDS_JSON,  ///< the same as an object
    PLATFORM_LAST_WORDS_NONE,
};

/// Makes the process write one line to the standard error stream when a fatal signal ends it, or
/// when a driver calls `exit`: which driver's function ran on that thread, if any did. The signal
/// then ends the process. Handlers that were there before, such as the Swift runtime's, which prints
/// registers and memory and with them keys, are not called.
///
/// \param program  As in `platform_enter_driver`; begins the line.
/// \return false when the system refuses; `errno` says why.
///
/// [any-thread] Once, before threads run drivers: threads that did before cannot report an
/// overflow of their stack.
bool platform_announce_last_words(const char *program);

/// Changes the form of that line. [any-thread]
void platform_set_last_words(enum platform_last_words form);

#endif
