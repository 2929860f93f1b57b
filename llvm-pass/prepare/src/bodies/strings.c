// What the headers of libstdc++ leave to its library of std::string, which without
// optimisation is nearly all. `strings.ll` is made of this file, as `containers.ll` is of
// `containers.c`.
//
// The library's own functions keep these properties, and so do those here, so that both may
// work on one string: `data` leads to `local` if the text has at most 15 bytes of room, else
// to a block of `operator new` with one byte more than `capacity`; behind the text stands 0.
// Where the library enlarges a text that is given a part of itself in place, here the part
// is copied first.
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define BODY(name) __asm__("enzyme.body.string." name)
#define PART static inline __attribute__((always_inline))

void *allocate(size_t bytes) __asm__("_Znwm");
void release(void *block) __asm__("_ZdlPv");
_Noreturn void out_of_range(const char *text) __asm__("_ZSt20__throw_out_of_rangePKc");

enum { ROOM = 15 };

typedef struct {
  char *data;
  size_t size;
  union {
    char local[ROOM + 1];
    size_t capacity;
  };
} String;

PART size_t room(const String *s) { return s->data == s->local ? ROOM : s->capacity; }
PART size_t least(size_t a, size_t b) { return a < b ? a : b; }
PART void check(size_t at, size_t size) {
  if (at > size)
    out_of_range("basic_string");
}
PART void end(String *s, size_t size) {
  s->size = size;
  s->data[size] = 0;
}
PART void drop(String *s) {
  if (s->data != s->local)
    release(s->data);
}

// A block for at least so many bytes; growth is at least twofold.
char *create(String *s, size_t *capacity, size_t old) BODY("create");
char *create(String *s, size_t *capacity, size_t old) {
  if (*capacity > old && *capacity < 2 * old)
    *capacity = 2 * old;
  return allocate(*capacity + 1);
}

// Moves to a new block, with `n` bytes in place of `gone` ones; the length stays.
void mutate(String *s, size_t at, size_t gone, const char *from, size_t n) BODY("mutate");
void mutate(String *s, size_t at, size_t gone, const char *from, size_t n) {
  size_t behind = s->size - at - gone, capacity = s->size + n - gone;
  char *data = create(s, &capacity, room(s));
  memcpy(data, s->data, at);
  if (from)
    memcpy(data + at, from, n);
  memcpy(data + at + n, s->data + at + gone, behind);
  drop(s);
  s->data = data;
  s->capacity = capacity;
}

String *replace(String *s, size_t at, size_t gone, const char *from, size_t n) BODY("replace");
String *replace(String *s, size_t at, size_t gone, const char *from, size_t n) {
  size_t size = s->size + n - gone;
  if (size > room(s)) {
    mutate(s, at, gone, from, n);
  } else {
    char *copy = NULL;
    if (from >= s->data && from <= s->data + s->size) {
      copy = allocate(n + 1);
      memcpy(copy, from, n);
      from = copy;
    }
    memmove(s->data + at + n, s->data + at + gone, s->size - at - gone);
    memcpy(s->data + at, from, n);
    if (copy)
      release(copy);
  }
  end(s, size);
  return s;
}

String *replace_checked(String *s, size_t at, size_t gone, const char *from, size_t n)
    BODY("replace_checked");
String *replace_checked(String *s, size_t at, size_t gone, const char *from, size_t n) {
  check(at, s->size);
  return replace(s, at, least(gone, s->size - at), from, n);
}
String *replace_filled(String *s, size_t at, size_t gone, size_t n, char c) BODY("replace_filled");
String *replace_filled(String *s, size_t at, size_t gone, size_t n, char c) {
  size_t size = s->size + n - gone;
  if (size > room(s))
    mutate(s, at, gone, NULL, n);
  else
    memmove(s->data + at + n, s->data + at + gone, s->size - at - gone);
  memset(s->data + at, c, n);
  end(s, size);
  return s;
}
String *append(String *s, const char *from, size_t n) BODY("append");
String *append(String *s, const char *from, size_t n) { return replace(s, s->size, 0, from, n); }
String *append_text(String *s, const char *from) BODY("append_text");
String *append_text(String *s, const char *from) { return append(s, from, strlen(from)); }
String *append_string(String *s, const String *from) BODY("append_string");
String *append_string(String *s, const String *from) { return append(s, from->data, from->size); }
String *append_filled(String *s, size_t n, char c) BODY("append_filled");
String *append_filled(String *s, size_t n, char c) { return replace_filled(s, s->size, 0, n, c); }
void push(String *s, char c) BODY("push");
void push(String *s, char c) { append(s, &c, 1); }
String *append_one(String *s, char c) BODY("append_one");
String *append_one(String *s, char c) { return append(s, &c, 1); }
void pop(String *s) BODY("pop");
void pop(String *s) { end(s, s->size - 1); }
String *insert(String *s, size_t at, const char *from) BODY("insert");
String *insert(String *s, size_t at, const char *from) {
  return replace_checked(s, at, 0, from, strlen(from));
}
String *insert_string(String *s, size_t at, const String *from) BODY("insert_string");
String *insert_string(String *s, size_t at, const String *from) {
  return replace_checked(s, at, 0, from->data, from->size);
}
void cut(String *s, size_t at, size_t n) BODY("cut");
void cut(String *s, size_t at, size_t n) {
  memmove(s->data + at, s->data + at + n, s->size - at - n);
  end(s, s->size - n);
}
String *erase(String *s, size_t at, size_t n) BODY("erase");
String *erase(String *s, size_t at, size_t n) {
  check(at, s->size);
  cut(s, at, least(n, s->size - at));
  return s;
}
void clear(String *s) BODY("clear");
void clear(String *s) { end(s, 0); }

void assign_string(String *s, const String *from) BODY("assign_string");
void assign_string(String *s, const String *from) {
  if (s != from)
    replace(s, 0, s->size, from->data, from->size);
}
String *assign(String *s, const String *from) BODY("assign");
String *assign(String *s, const String *from) {
  assign_string(s, from);
  return s;
}
String *assign_text(String *s, const char *from) BODY("assign_text");
String *assign_text(String *s, const char *from) {
  return replace(s, 0, s->size, from, strlen(from));
}

void reserve(String *s, size_t n) BODY("reserve");
void reserve(String *s, size_t n) {
  size_t old = room(s);
  if (n <= old)
    return;
  char *data = create(s, &n, old);
  memcpy(data, s->data, s->size + 1);
  drop(s);
  s->data = data;
  s->capacity = n;
}
void resize_filled(String *s, size_t n, char c) BODY("resize_filled");
void resize_filled(String *s, size_t n, char c) {
  if (n > s->size)
    append_filled(s, n - s->size, c);
  else
    end(s, n);
}
void resize(String *s, size_t n) BODY("resize");
void resize(String *s, size_t n) { resize_filled(s, n, 0); }

// What begins and ends a string. Of a new one `data` is set or not.
void construct_filled(String *s, size_t n, char c) BODY("construct_filled");
void construct_filled(String *s, size_t n, char c) {
  s->data = s->local;
  if (n > ROOM) {
    s->data = create(s, &n, 0);
    s->capacity = n;
  }
  memset(s->data, c, n);
  end(s, n);
}
void make(String *s) BODY("make");
void make(String *s) {
  s->data = s->local;
  end(s, 0);
}
void copy(String *s, const String *from) BODY("copy");
void copy(String *s, const String *from) {
  size_t n = from->size;
  s->data = s->local;
  if (n > ROOM) {
    s->data = create(s, &n, 0);
    s->capacity = n;
  }
  memcpy(s->data, from->data, from->size);
  end(s, from->size);
}
void part(String *s, const String *from, size_t at, size_t n) BODY("part");
void part(String *s, const String *from, size_t at, size_t n) {
  check(at, from->size);
  String some = {from->data + at, least(n, from->size - at), {{0}}};
  copy(s, &some);
}
void take(String *s, String *from) BODY("take");
void take(String *s, String *from) {
  s->data = s->local;
  if (from->data == from->local) {
    memcpy(s->local, from->local, from->size + 1);
  } else {
    s->data = from->data;
    s->capacity = from->capacity;
  }
  s->size = from->size;
  make(from);
}
void dispose(String *s) BODY("dispose");
void dispose(String *s) { drop(s); }
String *assign_moved(String *s, String *from) BODY("assign_moved");
String *assign_moved(String *s, String *from) {
  if (s == from)
    return s;
  if (from->data == from->local) {
    assign_string(s, from);
    clear(from);
    return s;
  }
  drop(s);
  take(s, from);
  return s;
}
void exchange(String *a, String *b) BODY("exchange");
void exchange(String *a, String *b) {
  String other;
  take(&other, a);
  take(a, b);
  take(b, &other);
}

// Parts of the above that are functions of their own.
void set_data(String *s, char *data) BODY("set_data");
void set_data(String *s, char *data) { s->data = data; }
void set_capacity(String *s, size_t n) BODY("set_capacity");
void set_capacity(String *s, size_t n) { s->capacity = n; }
void set_length(String *s, size_t n) BODY("set_length");
void set_length(String *s, size_t n) { end(s, n); }
char *local_data(String *s) BODY("local_data");
char *local_data(String *s) { return s->local; }
char *use_local_data(String *s) BODY("use_local_data");
char *use_local_data(String *s) { return s->local; }
void copy_chars(char *to, const char *from, const char *stop) BODY("copy_chars");
void copy_chars(char *to, const char *from, const char *stop) { memcpy(to, from, stop - from); }
void hide(String *s, char *data, const void *allocator) BODY("hide");
void hide(String *s, char *data, const void *allocator) { s->data = data; }
void nothing(void *allocator) BODY("nothing");
void nothing(void *allocator) {}

// What is asked of a string.
char *data(const String *s) BODY("data");
char *data(const String *s) { return s->data; }
char *stop(const String *s) BODY("stop");
char *stop(const String *s) { return s->data + s->size; }
size_t size(const String *s) BODY("size");
size_t size(const String *s) { return s->size; }
size_t capacity(const String *s) BODY("capacity");
size_t capacity(const String *s) { return room(s); }
bool empty(const String *s) BODY("empty");
bool empty(const String *s) { return s->size == 0; }
char *at(const String *s, size_t i) BODY("at");
char *at(const String *s, size_t i) { return s->data + i; }
char *at_checked(const String *s, size_t i) BODY("at_checked");
char *at_checked(const String *s, size_t i) {
  if (i >= s->size)
    out_of_range("basic_string");
  return s->data + i;
}
PART int compared(const char *a, size_t n, const char *b, size_t m) {
  int first = memcmp(a, b, least(n, m));
  return first ? first : n < m ? -1 : n > m;
}
int compare(const String *s, const String *other) BODY("compare");
int compare(const String *s, const String *other) {
  return compared(s->data, s->size, other->data, other->size);
}
int compare_text(const String *s, const char *text) BODY("compare_text");
int compare_text(const String *s, const char *text) {
  return compared(s->data, s->size, text, strlen(text));
}
size_t find(const String *s, const char *text, size_t at, size_t n) BODY("find");
size_t find(const String *s, const char *text, size_t at, size_t n) {
  for (; at <= s->size && n <= s->size - at; at++)
    if (memcmp(s->data + at, text, n) == 0)
      return at;
  return -1;
}
size_t find_text(const String *s, const char *text, size_t at) BODY("find_text");
size_t find_text(const String *s, const char *text, size_t at) {
  return find(s, text, at, strlen(text));
}
size_t find_string(const String *s, const String *text, size_t at) BODY("find_string");
size_t find_string(const String *s, const String *text, size_t at) {
  return find(s, text->data, at, text->size);
}
size_t find_one(const String *s, char c, size_t at) BODY("find_one");
size_t find_one(const String *s, char c, size_t at) { return find(s, &c, at, 1); }
