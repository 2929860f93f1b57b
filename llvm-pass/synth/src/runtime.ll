; The run-time support that derivatives call: the arena, segmented records, the loops
; of memory adjoints, and functions that no library has. Linked into the module by the plugin, inlined
; into the derivatives.
;
; The arena is a stack of chunks per thread. A sweep takes memory by moving a
; pointer; the driver gives all of it back at once. Chunks grow, and the largest
; stays for the next derivative, so that in the long run nothing is allocated.

%arena = type { ptr, ptr, ptr }          ; next free byte, end of the chunk, chunk
%chunk = type { ptr, i64 }               ; older chunk, size with this header
%mark = type { ptr, ptr, ptr }           ; chunk, next free byte, newest of what is freed later
%later = type { ptr, ptr, i64, i64, i64 } ; older, what frees it, its arguments

@enzyme.arena.state = internal thread_local global %arena zeroinitializer, align 8
; Whether the thread's end is to free its chunks already.
@enzyme.arena.ends = internal thread_local global i8 0
@__dso_handle = external hidden global i8
@enzyme.later.list = internal thread_local global ptr null, align 8
@enzyme.aligned.message = private unnamed_addr constant [131 x i8] c"enzyme-rs: ENZ0031: a differentiated function uses a value behind a dyn pointer that is aligned to more than the header before it\0A\00"
@enzyme.later.message = private unnamed_addr constant [122 x i8] c"enzyme-rs: ENZ0044: a differentiated function frees memory of its caller that carries a derivative; take it by reference\0A\00"
@enzyme.border.kept = private unnamed_addr constant [186 x i8] c"enzyme-rs: ENZ0041: a differentiated value is written to memory that a global variable has kept since before the call; let the function make that memory anew, or pass it as an argument\0A\00"
@enzyme.border.both = private constant [149 x i8] c"enzyme-rs: ENZ0041: an argument leads to a global variable that the differentiated function uses by name as well: its derivative would be two halves\0A"
@enzyme.border.optional = private unnamed_addr constant [153 x i8] c"enzyme-rs: ENZ0040: the address of something that is differentiated is written to memory that is marked as constant; pass that memory as differentiated\0A\00"
@enzyme.arena.message = private unnamed_addr constant [48 x i8] c"enzyme-rs: out of memory for a derivative tape\0A\00"

@enzyme.beyond.message = private unnamed_addr constant [127 x i8] c"enzyme-rs: ENZ0031: a differentiated function indexes an array beyond the fields of one kind that the array was taken to have\0A\00"
@enzyme.whole.message = private unnamed_addr constant [124 x i8] c"enzyme-rs: ENZ0031: two addresses of a differentiated function are not a whole number of the elements apart that lie there\0A\00"
@enzyme.bits.message = private unnamed_addr constant [118 x i8] c"enzyme-rs: ENZ0021: a differentiated function computes with the bits of a float where floats and integers take turns\0A\00"
@enzyme.nowhere.message = private unnamed_addr constant [122 x i8] c"enzyme-rs: ENZ0042: a differentiated function reads a float behind an address of which nothing shows where it comes from\0A\00"
@enzyme.turned.message = private unnamed_addr constant [113 x i8] c"enzyme-rs: ENZ0021: a differentiated function computes with the bits of a float otherwise than to turn its sign\0A\00"
@enzyme.elsewhere.message = private unnamed_addr constant [145 x i8] c"enzyme-rs: ENZ0011: a differentiated function calls a function through a pointer that was made outside of what the derivative was computed from\0A\00"

declare i64 @llvm.uadd.sat.i64(i64, i64)
declare noalias ptr @malloc(i64) nounwind
declare void @free(ptr) nounwind
declare i32 @__cxa_thread_atexit_impl(ptr, ptr, ptr) nounwind
declare i64 @malloc_usable_size(ptr) nounwind
declare i64 @write(i32, ptr, i64) nounwind
declare i64 @llvm.ctlz.i64(i64, i1)
declare {i64, i1} @llvm.umul.with.overflow.i64(i64, i64)
declare void @llvm.trap() noreturn nounwind
declare double @llvm.log.f64(double)
declare double @llvm.round.f64(double)
declare double @llvm.roundeven.f64(double)
declare double @llvm.fabs.f64(double)
declare double @llvm.copysign.f64(double, double)
declare double @llvm.sin.f64(double)
declare double @llvm.cos.f64(double)
declare double @tan(double) nounwind
declare ptr @llvm.threadlocal.address.p0(ptr)
declare i32 @memcmp(ptr, ptr, i64) nounwind
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

; Ends the program with a message.
define internal void @enzyme.refuse(ptr %message, i64 %length) noinline cold noreturn nounwind {
  %ignored = call i64 @write(i32 2, ptr %message, i64 %length)
  call void @llvm.trap()
  unreachable
}

define internal void @enzyme.arena.exhausted() noinline cold noreturn nounwind {
  call void @enzyme.refuse(ptr @enzyme.arena.message, i64 47)
  unreachable
}

; Ends the program unless `len` bytes at an address lie in the `bytes` that begin some way
; behind a base. The element's address and the last number are what the analysis reads.
define internal void @enzyme.within(ptr %base, ptr %indexed, ptr %at, i64 %len, i64 %begin, i64 %bytes, i64 %first) alwaysinline nounwind {
entry:
  %from = ptrtoint ptr %base to i64
  %to = ptrtoint ptr %at to i64
  %behind = sub i64 %to, %from
  %ahead = sub i64 %behind, %begin
  %most = sub i64 %bytes, %len
  %fits = icmp ule i64 %len, %bytes
  %near = icmp ule i64 %ahead, %most
  %inside = and i1 %fits, %near
  br i1 %inside, label %done, label %beyond
beyond:
  call void @enzyme.refuse(ptr @enzyme.beyond.message, i64 126)
  unreachable
done:
  ret void
}

; Ends the program unless a distance is a multiple of an element's size, a power of two.
define internal void @enzyme.whole(i64 %distance, i64 %size) alwaysinline nounwind {
entry:
  %mask = sub i64 %size, 1
  %rest = and i64 %distance, %mask
  %fits = icmp eq i64 %rest, 0
  br i1 %fits, label %done, label %part
part:
  call void @enzyme.refuse(ptr @enzyme.whole.message, i64 123)
  unreachable
done:
  ret void
}

; Stands for what bit operations make of two floats of which none is a mask of signs.
define internal void @enzyme.bits() noinline cold noreturn nounwind {
  call void @enzyme.refuse(ptr @enzyme.turned.message, i64 112)
  unreachable
}

; Stands for the functions that a pointer was not seen to be that of.
define internal void @enzyme.elsewhere() noinline cold noreturn nounwind {
  call void @enzyme.refuse(ptr @enzyme.elsewhere.message, i64 144)
  unreachable
}

; Ends the program where data behind a `dyn` pointer does not follow its header.
define internal void @enzyme.aligned() noinline cold noreturn nounwind {
  call void @enzyme.refuse(ptr @enzyme.aligned.message, i64 130)
  unreachable
}

; Makes the next chunk, with room for at least `size` bytes, and takes them.
define internal noalias ptr @enzyme.arena.grow(i64 %size) noinline cold nounwind {
entry:
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %slot = getelementptr %arena, ptr %state, i64 0, i32 2
  %older = load ptr, ptr %slot
  %first = icmp eq ptr %older, null
  br i1 %first, label %measure, label %double
double:
  %older.size.slot = getelementptr %chunk, ptr %older, i64 0, i32 1
  %older.size = load i64, ptr %older.size.slot
  %doubled = shl i64 %older.size, 1
  br label %measure
measure:
  %least = phi i64 [ 65536, %entry ], [ %doubled, %double ]
  %wanted = add i64 %size, 64
  %overflow = icmp ugt i64 %size, 4611686018427387904
  br i1 %overflow, label %fail, label %pick
pick:
  %large = icmp ugt i64 %wanted, %least
  %bytes = select i1 %large, i64 %wanted, i64 %least
  %new = call ptr @malloc(i64 %bytes)
  %none = icmp eq ptr %new, null
  br i1 %none, label %fail, label %use
use:
  store ptr %older, ptr %new
  %new.size = getelementptr %chunk, ptr %new, i64 0, i32 1
  store i64 %bytes, ptr %new.size
  store ptr %new, ptr %slot
  %start = getelementptr i8, ptr %new, i64 16
  %next = getelementptr i8, ptr %start, i64 %size
  %end = getelementptr i8, ptr %new, i64 %bytes
  store ptr %next, ptr %state
  %end.slot = getelementptr %arena, ptr %state, i64 0, i32 1
  store ptr %end, ptr %end.slot
  %known.slot = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.ends)
  %known = load i8, ptr %known.slot
  %unknown = icmp eq i8 %known, 0
  br i1 %unknown, label %register, label %done
register:
  store i8 1, ptr %known.slot
  %ignored = call i32 @__cxa_thread_atexit_impl(ptr @enzyme.arena.end, ptr null, ptr @__dso_handle)
  br label %done
done:
  ret ptr %start
fail:
  call void @enzyme.arena.exhausted()
  unreachable
}

; Frees all chunks when the thread ends.
define internal void @enzyme.arena.end(ptr %ignored) noinline cold nounwind {
entry:
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %slot = getelementptr %arena, ptr %state, i64 0, i32 2
  %top = load ptr, ptr %slot
  store %arena zeroinitializer, ptr %state
  %known.slot = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.ends)
  store i8 0, ptr %known.slot
  br label %next
next:
  %at = phi ptr [ %top, %entry ], [ %older, %drop ]
  %none = icmp eq ptr %at, null
  br i1 %none, label %done, label %drop
drop:
  %older = load ptr, ptr %at
  call void @free(ptr %at)
  br label %next
done:
  ret void
}

; Memory of this many bytes, aligned to 16.
define internal noalias ptr @enzyme.arena.allocate(i64 %asked) nounwind {
entry:
  %up = add i64 %asked, 15
  %size = and i64 %up, -16
  %wrapped = icmp ult i64 %up, %asked
  br i1 %wrapped, label %fail, label %try
try:
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %here = load ptr, ptr %state
  %end.slot = getelementptr %arena, ptr %state, i64 0, i32 1
  %end = load ptr, ptr %end.slot
  %here.int = ptrtoint ptr %here to i64
  %end.int = ptrtoint ptr %end to i64
  %room = sub i64 %end.int, %here.int
  %null = icmp eq ptr %here, null
  %tight = icmp ult i64 %room, %size
  %grow = or i1 %null, %tight
  br i1 %grow, label %slow, label %fast
fast:
  %next = getelementptr i8, ptr %here, i64 %size
  store ptr %next, ptr %state
  ret ptr %here
slow:
  %fresh = call ptr @enzyme.arena.grow(i64 %size)
  ret ptr %fresh
fail:
  call void @enzyme.arena.exhausted()
  unreachable
}

; Memory aligned to a power of two above 16.
define internal noalias ptr @enzyme.arena.allocate.aligned(i64 %asked, i64 %align) nounwind {
  %more = add i64 %asked, %align
  %raw = call ptr @enzyme.arena.allocate(i64 %more)
  %int = ptrtoint ptr %raw to i64
  %down = sub i64 0, %int
  %mask = sub i64 %align, 1
  %pad = and i64 %down, %mask
  %aligned = getelementptr i8, ptr %raw, i64 %pad
  ret ptr %aligned
}

; An object of the program: its size stands in the 16 bytes before it.
define internal noalias ptr @enzyme.arena.object(i64 %size) nounwind {
  %more = add i64 %size, 16
  %wrapped = icmp ult i64 %more, %size
  %wanted = select i1 %wrapped, i64 -1, i64 %more
  %raw = call ptr @enzyme.arena.allocate(i64 %wanted)
  store i64 %size, ptr %raw
  %object = getelementptr i8, ptr %raw, i64 16
  ret ptr %object
}

; The same, aligned to a power of two above 16.
define internal noalias ptr @enzyme.arena.object.aligned(i64 %size, i64 %align) nounwind {
  %more = add i64 %size, %align
  %wrapped = icmp ult i64 %more, %size
  %wanted = select i1 %wrapped, i64 -1, i64 %more
  %object = call ptr @enzyme.arena.allocate.aligned(i64 %wanted, i64 %align)
  %shifted = getelementptr i8, ptr %object, i64 %align
  %header = getelementptr i8, ptr %shifted, i64 -16
  store i64 %size, ptr %header
  ret ptr %shifted
}

; The smaller of two objects' sizes; 0 if the first is null.
define internal i64 @enzyme.arena.common(ptr %old, ptr %new) nounwind {
entry:
  %none = icmp eq ptr %old, null
  br i1 %none, label %done, label %look
look:
  %old.header = getelementptr i8, ptr %old, i64 -16
  %old.size = load i64, ptr %old.header
  %new.header = getelementptr i8, ptr %new, i64 -16
  %new.size = load i64, ptr %new.header
  %less = icmp ult i64 %old.size, %new.size
  %smaller = select i1 %less, i64 %old.size, i64 %new.size
  br label %done
done:
  %result = phi i64 [ 0, %entry ], [ %smaller, %look ]
  ret i64 %result
}

; Copies the bytes [offset, offset + size) of each period of a range.
define internal void @enzyme.mirror.copy(ptr %to, ptr %from, i64 %len, i64 %period, i64 %offset, i64 %size) nounwind {
entry:
  br label %next
next:
  %base = phi i64 [ 0, %entry ], [ %further, %piece ]
  %at = add i64 %base, %offset
  %inside = icmp ult i64 %at, %len
  br i1 %inside, label %piece, label %done
piece:
  %left = sub i64 %len, %at
  %short = icmp ult i64 %left, %size
  %bytes = select i1 %short, i64 %left, i64 %size
  %to.at = getelementptr i8, ptr %to, i64 %at
  %from.at = getelementptr i8, ptr %from, i64 %at
  call void @llvm.memmove.p0.p0.i64(ptr %to.at, ptr %from.at, i64 %bytes, i1 false)
  %further = add i64 %base, %period
  br label %next
done:
  ret void
}

; Fills the bytes [offset, offset + size) of each period of a range.
define internal void @enzyme.mirror.fill(ptr %to, i8 %byte, i64 %len, i64 %period, i64 %offset, i64 %size) nounwind {
entry:
  br label %next
next:
  %base = phi i64 [ 0, %entry ], [ %further, %piece ]
  %at = add i64 %base, %offset
  %inside = icmp ult i64 %at, %len
  br i1 %inside, label %piece, label %done
piece:
  %left = sub i64 %len, %at
  %short = icmp ult i64 %left, %size
  %bytes = select i1 %short, i64 %left, i64 %size
  %to.at = getelementptr i8, ptr %to, i64 %at
  call void @llvm.memset.p0.i64(ptr %to.at, i8 %byte, i64 %bytes, i1 false)
  %further = add i64 %base, %period
  br label %next
done:
  ret void
}

; Room for `last + 1` records.
define internal noalias ptr @enzyme.arena.records(i64 %last, i64 %size) nounwind {
  %count = add i64 %last, 1
  %product = call {i64, i1} @llvm.umul.with.overflow.i64(i64 %count, i64 %size)
  %bytes = extractvalue {i64, i1} %product, 0
  %overflow = extractvalue {i64, i1} %product, 1
  br i1 %overflow, label %fail, label %take
take:
  %room = call ptr @enzyme.arena.allocate(i64 %bytes)
  ret ptr %room
fail:
  call void @enzyme.arena.exhausted()
  unreachable
}

define internal %mark @enzyme.arena.mark() nounwind {
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %here = load ptr, ptr %state
  %slot = getelementptr %arena, ptr %state, i64 0, i32 2
  %chunk = load ptr, ptr %slot
  %a = insertvalue %mark poison, ptr %chunk, 0
  %b = insertvalue %mark %a, ptr %here, 1
  %list = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.later.list)
  %newest = load ptr, ptr %list
  %c = insertvalue %mark %b, ptr %newest, 2
  ret %mark %c
}

; Gives back what was taken since the mark, and frees what was put off.
define internal void @enzyme.arena.release(%mark %mark) nounwind {
entry:
  %list = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.later.list)
  %newest = load ptr, ptr %list
  %last = extractvalue %mark %mark, 2
  %none = icmp eq ptr %newest, %last
  br i1 %none, label %arena, label %later
later:
  call void @enzyme.later.run(ptr %last)
  br label %arena
arena:
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %slot = getelementptr %arena, ptr %state, i64 0, i32 2
  %top = load ptr, ptr %slot
  %chunk = extractvalue %mark %mark, 0
  %same = icmp eq ptr %top, %chunk
  br i1 %same, label %rewind, label %drop
rewind:
  %here = extractvalue %mark %mark, 1
  store ptr %here, ptr %state
  ret void
drop:
  %null = icmp eq ptr %chunk, null
  br i1 %null, label %drop.all, label %inspect
inspect:
  %older = load ptr, ptr %chunk
  %bottom = icmp eq ptr %older, null
  %start = getelementptr i8, ptr %chunk, i64 16
  %before = extractvalue %mark %mark, 1
  %empty = icmp eq ptr %before, %start
  %unused = and i1 %bottom, %empty
  br i1 %unused, label %drop.all, label %drop.some
drop.all:
  call void @enzyme.arena.drop(ptr null)
  ret void
drop.some:
  call void @enzyme.arena.drop(ptr %chunk)
  br label %rewind
}

; Frees the chunks above `chunk`. If that is null, nothing is in use: the newest
; chunk stays, empty, since it is the largest.
define internal void @enzyme.arena.drop(ptr %chunk) noinline cold nounwind {
entry:
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %slot = getelementptr %arena, ptr %state, i64 0, i32 2
  %top = load ptr, ptr %slot
  %unused = icmp eq ptr %chunk, null
  br i1 %unused, label %keep, label %pop
keep:
  %first = load ptr, ptr %top
  br label %sweep
sweep:
  %at = phi ptr [ %first, %keep ], [ %further, %freeing ]
  %end = icmp eq ptr %at, null
  br i1 %end, label %kept, label %freeing
freeing:
  %further = load ptr, ptr %at
  call void @free(ptr %at)
  br label %sweep
kept:
  store ptr null, ptr %top
  %start = getelementptr i8, ptr %top, i64 16
  store ptr %start, ptr %state
  ret void
pop:
  %here = phi ptr [ %top, %entry ], [ %older, %popping ]
  %found = icmp eq ptr %here, %chunk
  br i1 %found, label %found.it, label %popping
popping:
  %older = load ptr, ptr %here
  call void @free(ptr %here)
  br label %pop
found.it:
  store ptr %chunk, ptr %slot
  %size.slot = getelementptr %chunk, ptr %chunk, i64 0, i32 1
  %size = load i64, ptr %size.slot
  %limit = getelementptr i8, ptr %chunk, i64 %size
  %end.slot = getelementptr %arena, ptr %state, i64 0, i32 1
  store ptr %limit, ptr %end.slot
  ret void
}

; Of memory that is freed: the shadow, if it must be freed as well, else null. Ends the
; program if the shadow is the caller's.
define internal ptr @enzyme.later.check(ptr %memory, ptr %shadow) nounwind {
entry:
  %none = icmp eq ptr %memory, %shadow
  br i1 %none, label %done, label %ask
ask:
  %own = call i1 @enzyme.border.owns(ptr %shadow)
  br i1 %own, label %done, label %refuse
refuse:
  call void @enzyme.refuse(ptr @enzyme.later.message, i64 121)
  unreachable
done:
  %other = phi ptr [ null, %entry ], [ %shadow, %ask ]
  ret ptr %other
}

; Ends the program if memory that has no shadow is written with what has one.
define internal void @enzyme.border.write.kept(ptr %memory, ptr %shadow, ptr %written, ptr %its.shadow) nounwind {
  call void @enzyme.border.write(ptr %memory, ptr %shadow, ptr %written, ptr %its.shadow, ptr @enzyme.border.kept, i64 185)
  ret void
}

define internal void @enzyme.border.write.optional(ptr %memory, ptr %shadow, ptr %written, ptr %its.shadow) nounwind {
  call void @enzyme.border.write(ptr %memory, ptr %shadow, ptr %written, ptr %its.shadow, ptr @enzyme.border.optional, i64 152)
  ret void
}

define internal void @enzyme.border.write(ptr %memory, ptr %shadow, ptr %written, ptr %its.shadow, ptr %message, i64 %length) alwaysinline nounwind {
entry:
  %constant = icmp eq ptr %memory, %shadow
  br i1 %constant, label %ask, label %done
ask:
  %too = icmp eq ptr %written, %its.shadow
  br i1 %too, label %done, label %refuse
refuse:
  call void @enzyme.refuse(ptr %message, i64 %length)
  unreachable
done:
  ret void
}

; Ends the program if an address leads to a variable that is used by name, from some of its
; bytes to others, and the shadow of the address is not the variable's. A variable without
; shadow is a constant, and so is the address if it is its own shadow. An address without any
; leads to what has a derivative, or to where one is lost.
define internal void @enzyme.border.apart(ptr %address, ptr %shadow, ptr %global, ptr %its.shadow, i64 %from, i64 %to, i64 %reach) alwaysinline nounwind {
entry:
  %a = ptrtoint ptr %address to i64
  %g = ptrtoint ptr %global to i64
  %distance = sub i64 %a, %g
  %inside = icmp ult i64 %distance, %to
  br i1 %inside, label %reaches, label %done
reaches:
  %end = call i64 @llvm.uadd.sat.i64(i64 %distance, i64 %reach)
  %meets = icmp ugt i64 %end, %from
  br i1 %meets, label %ask, label %done
ask:
  %bare = icmp eq ptr %its.shadow, null
  %twin = getelementptr i8, ptr %its.shadow, i64 %distance
  %expected = select i1 %bare, ptr %address, ptr %twin
  %same = icmp eq ptr %shadow, %expected
  br i1 %same, label %done, label %refuse
refuse:
  call void @enzyme.refuse(ptr @enzyme.border.both, i64 149)
  unreachable
done:
  ret void
}

; Ends the program if what is computed from the bits of a float would be a float.
define internal void @enzyme.border.bits(i1 %complement) alwaysinline nounwind {
  br i1 %complement, label %bits, label %done
bits:
  call void @enzyme.refuse(ptr @enzyme.bits.message, i64 117)
  unreachable
done:
  ret void
}

; Ends the program where a float is read of which nothing shows where it lies.
define internal void @enzyme.border.nowhere() alwaysinline nounwind {
  call void @enzyme.refuse(ptr @enzyme.nowhere.message, i64 121)
  unreachable
}

; Ends the program where memory would be its own shadow, as its address was computed and lost.
define internal void @enzyme.border.differ(ptr %memory, ptr %shadow) alwaysinline nounwind {
  %same = icmp eq ptr %memory, %shadow
  br i1 %same, label %lost, label %done
lost:
  call void @enzyme.border.nowhere()
  unreachable
done:
  ret void
}

; Ends the program if bytes that are copied are not integers alone, and what are whole words
; of this size at one place are none at the other.
define internal void @enzyme.border.words(ptr %to, ptr %from, ptr %shadow, i64 %len, i64 %size) alwaysinline nounwind {
entry:
  %to.number = ptrtoint ptr %to to i64
  %from.number = ptrtoint ptr %from to i64
  %differ = xor i64 %to.number, %from.number
  %most = sub i64 %size, 1
  %apart.bits = and i64 %differ, %most
  %apart = icmp ne i64 %apart.bits, 0
  br i1 %apart, label %look, label %done
look:
  %unlike = call i32 @memcmp(ptr %from, ptr %shadow, i64 %len)
  %float = icmp ne i32 %unlike, 0
  call void @enzyme.border.bits(i1 %float)
  br label %done
done:
  ret void
}

; What has been written to memory that held something else before goes to its shadow as it is, word
; by word.
define internal void @enzyme.border.written(ptr %memory, ptr %before, ptr %shadow, i64 %len) nounwind {
entry:
  br label %next
next:
  %at = phi i64 [ 0, %entry ], [ %behind, %done ]
  %rest = sub i64 %len, %at
  %any = icmp ne i64 %rest, 0
  br i1 %any, label %look, label %end
look:
  %whole = icmp uge i64 %rest, 8
  %step = select i1 %whole, i64 8, i64 1
  %old = getelementptr i8, ptr %before, i64 %at
  %new = getelementptr i8, ptr %memory, i64 %at
  %unlike = call i32 @memcmp(ptr %old, ptr %new, i64 %step)
  %changed = icmp ne i32 %unlike, 0
  br i1 %changed, label %take, label %done
take:
  %to = getelementptr i8, ptr %shadow, i64 %at
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %new, i64 %step, i1 false)
  br label %done
done:
  %behind = add i64 %at, %step
  br label %next
end:
  ret void
}

; The shadow, if it is not the memory itself.
define internal ptr @enzyme.border.other(ptr %memory, ptr %shadow) nounwind {
  %none = icmp eq ptr %memory, %shadow
  %other = select i1 %none, ptr null, ptr %shadow
  ret ptr %other
}

; Fills a shadow that the program's allocator has made, and remembers it.
define internal void @enzyme.border.made(ptr %shadow, i64 %size) nounwind {
entry:
  %none = icmp eq ptr %shadow, null
  br i1 %none, label %done, label %fill
fill:
  call void @llvm.memset.p0.i64(ptr %shadow, i8 0, i64 %size, i1 false)
  %number = ptrtoint ptr %shadow to i64
  call void @enzyme.later.add(ptr null, i64 %number, i64 0, i64 0)
  br label %done
done:
  ret void
}

; Whether the function under differentiation has made this shadow; the newest is asked first.
define internal i1 @enzyme.border.owns(ptr %shadow) noinline nounwind {
entry:
  %number = ptrtoint ptr %shadow to i64
  %list = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.later.list)
  %newest = load ptr, ptr %list
  br label %next
next:
  %at = phi ptr [ %newest, %entry ], [ %older, %look ]
  %end = icmp eq ptr %at, null
  br i1 %end, label %no, label %look
look:
  %older = load ptr, ptr %at
  %free.slot = getelementptr %later, ptr %at, i64 0, i32 1
  %free = load ptr, ptr %free.slot
  %a.slot = getelementptr %later, ptr %at, i64 0, i32 2
  %a = load i64, ptr %a.slot
  %made = icmp eq ptr %free, null
  %same = icmp eq i64 %a, %number
  %this = and i1 %made, %same
  br i1 %this, label %yes, label %next
yes:
  ret i1 true
no:
  ret i1 false
}

; The size of an object of the program, and of its shadow: the lesser.
define internal i64 @enzyme.border.size(ptr %memory, ptr %shadow) nounwind {
  %a = call i64 @malloc_usable_size(ptr %memory)
  %b = call i64 @malloc_usable_size(ptr %shadow)
  %less = call i64 @enzyme.border.less(i64 %a, i64 %b)
  ret i64 %less
}

define internal i64 @enzyme.border.less(i64 %a, i64 %b) nounwind {
  %below = icmp ult i64 %a, %b
  %less = select i1 %below, i64 %a, i64 %b
  ret i64 %less
}

; `free` is called with the other arguments when the sweeps are over; not for address 0.
define internal void @enzyme.later.add(ptr %free, i64 %a, i64 %b, i64 %c) noinline nounwind {
entry:
  %none = icmp eq i64 %a, 0
  br i1 %none, label %done, label %add
add:
  %list = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.later.list)
  %older = load ptr, ptr %list
  %new = call ptr @enzyme.arena.allocate(i64 40)
  store ptr %older, ptr %new
  %free.slot = getelementptr %later, ptr %new, i64 0, i32 1
  store ptr %free, ptr %free.slot
  %a.slot = getelementptr %later, ptr %new, i64 0, i32 2
  store i64 %a, ptr %a.slot
  %b.slot = getelementptr %later, ptr %new, i64 0, i32 3
  store i64 %b, ptr %b.slot
  %c.slot = getelementptr %later, ptr %new, i64 0, i32 4
  store i64 %c, ptr %c.slot
  store ptr %new, ptr %list
  br label %done
done:
  ret void
}

; Frees what was added since `last` was the newest, the oldest first.
define internal void @enzyme.later.run(ptr %last) noinline cold nounwind {
entry:
  %list = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.later.list)
  %newest = load ptr, ptr %list
  store ptr %last, ptr %list
  br label %turn
turn:
  %from = phi ptr [ %newest, %entry ], [ %before, %link ]
  %turned = phi ptr [ null, %entry ], [ %from, %link ]
  %all = icmp eq ptr %from, %last
  br i1 %all, label %next, label %link
link:
  %before = load ptr, ptr %from
  store ptr %turned, ptr %from
  br label %turn
next:
  %at = phi ptr [ %turned, %turn ], [ %newer, %skip ]
  %end = icmp eq ptr %at, null
  br i1 %end, label %done, label %look
look:
  %newer = load ptr, ptr %at
  %free.slot = getelementptr %later, ptr %at, i64 0, i32 1
  %free = load ptr, ptr %free.slot
  %note = icmp eq ptr %free, null
  br i1 %note, label %skip, label %run
run:
  %a.slot = getelementptr %later, ptr %at, i64 0, i32 2
  %a = load i64, ptr %a.slot
  %b.slot = getelementptr %later, ptr %at, i64 0, i32 3
  %b = load i64, ptr %b.slot
  %c.slot = getelementptr %later, ptr %at, i64 0, i32 4
  %c = load i64, ptr %c.slot
  call void %free(i64 %a, i64 %b, i64 %c)
  br label %skip
skip:
  br label %next
done:
  ret void
}

; Whether the arena of this thread holds the address.
define internal i1 @enzyme.arena.owns(ptr %address) nounwind {
entry:
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %slot = getelementptr %arena, ptr %state, i64 0, i32 2
  %top = load ptr, ptr %slot
  br label %next
next:
  %at = phi ptr [ %top, %entry ], [ %older, %look ]
  %end = icmp eq ptr %at, null
  br i1 %end, label %no, label %look
look:
  %older = load ptr, ptr %at
  %size.slot = getelementptr %chunk, ptr %at, i64 0, i32 1
  %size = load i64, ptr %size.slot
  %limit = getelementptr i8, ptr %at, i64 %size
  %above = icmp uge ptr %address, %at
  %below = icmp ult ptr %address, %limit
  %inside = and i1 %above, %below
  br i1 %inside, label %yes, label %next
yes:
  ret i1 true
no:
  ret i1 false
}

; The record of iteration `index` of a loop whose count is not known beforehand.
; Segment k holds 16 * 2^k records; `table` has room for the addresses of 44.
define internal ptr @enzyme.segment.find(ptr %table, i64 %index, i64 %size) nounwind {
  %j = add i64 %index, 16
  %zeros = call i64 @llvm.ctlz.i64(i64 %j, i1 true)
  %k = sub i64 59, %zeros
  %slot = getelementptr ptr, ptr %table, i64 %k
  %segment = load ptr, ptr %slot
  %base = shl i64 16, %k
  %within = sub i64 %j, %base
  %bytes = mul i64 %within, %size
  %record = getelementptr i8, ptr %segment, i64 %bytes
  ret ptr %record
}

; The same in the forward sweep: the first record of a segment makes it.
define internal ptr @enzyme.segment.push(ptr %table, i64 %index, i64 %size) nounwind {
entry:
  %j = add i64 %index, 16
  %less = sub i64 %j, 1
  %common = and i64 %j, %less
  %first = icmp eq i64 %common, 0
  br i1 %first, label %make, label %find
make:
  %zeros = call i64 @llvm.ctlz.i64(i64 %j, i1 true)
  %k = sub i64 59, %zeros
  %slot = getelementptr ptr, ptr %table, i64 %k
  %last = sub i64 %j, 1
  %room = call ptr @enzyme.arena.records(i64 %last, i64 %size)
  store ptr %room, ptr %slot
  br label %find
find:
  %record = call ptr @enzyme.segment.find(ptr %table, i64 %index, i64 %size)
  ret ptr %record
}

; The logarithmic derivative of the gamma function; `eval::digamma` of the rules says
; why the formulas hold.
define internal double @enzyme.math.digamma(double %x) noinline nounwind {
entry:
  %zero = fcmp oeq double %x, 0.0
  br i1 %zero, label %pole, label %sign
pole:
  %inverse = fdiv double 1.0, %x
  %infinite = fneg double %inverse
  ret double %infinite
sign:
  %negative = fcmp olt double %x, 0.0
  br i1 %negative, label %reflect, label %start
reflect:
  %rounded = call double @llvm.round.f64(double %x)
  %fraction = fsub double %x, %rounded
  %whole = fcmp oeq double %fraction, 0.0
  br i1 %whole, label %undefined, label %turn
undefined:
  ret double 0x7FF8000000000000
turn:
  %angle = fmul double %fraction, 0x400921FB54442D18
  %tangent = call double @tan(double %angle)
  %cotangent = fdiv double 0x400921FB54442D18, %tangent
  %opposite = fneg double %cotangent
  %mirrored = fsub double 1.0, %x
  br label %start
start:
  %first = phi double [ %x, %sign ], [ %mirrored, %turn ]
  %base = phi double [ 0.0, %sign ], [ %opposite, %turn ]
  br label %move
move:
  %at = phi double [ %first, %start ], [ %up, %step ]
  %sum = phi double [ %base, %start ], [ %less, %step ]
  %small = fcmp olt double %at, 10.0
  br i1 %small, label %step, label %series
step:
  %part = fdiv double 1.0, %at
  %less = fsub double %sum, %part
  %up = fadd double %at, 1.0
  br label %move
series:
  %one = fdiv double 1.0, %at
  %square = fmul double %one, %one
  %t0 = fadd double 0.0, 0x3FB5555555555555
  %s0 = fmul double %t0, %square
  %t1 = fadd double %s0, 0xBF95995995995996
  %s1 = fmul double %t1, %square
  %t2 = fadd double %s1, 0x3F7F07C1F07C1F08
  %s2 = fmul double %t2, %square
  %t3 = fadd double %s2, 0xBF71111111111111
  %s3 = fmul double %t3, %square
  %t4 = fadd double %s3, 0x3F70410410410410
  %s4 = fmul double %t4, %square
  %t5 = fadd double %s4, 0xBF81111111111111
  %s5 = fmul double %t5, %square
  %t6 = fadd double %s5, 0x3FB5555555555555
  %s6 = fmul double %t6, %square
  %log = call double @llvm.log.f64(double %at)
  %half = fmul double %one, 0.5
  %a = fadd double %sum, %log
  %b = fsub double %a, %half
  %c = fsub double %b, %s6
  ret double %c
}

define internal float @enzyme.math.digammaf(float %x) noinline nounwind {
  %wide = fpext float %x to double
  %value = call double @enzyme.math.digamma(double %wide)
  %narrow = fptrunc double %value to float
  ret float %narrow
}

; sin πx and cos πx without rounding of πx; `eval::sinpi` of the rules says why the
; formulas hold.
define internal double @enzyme.math.sinpi(double %x) nounwind {
  %turned = call double @enzyme.math.halfturns(double %x)
  %size = call double @llvm.fabs.f64(double %turned)
  %value = call double @enzyme.math.sinpi.from(double %size)
  %signed = call double @llvm.copysign.f64(double %value, double %turned)
  ret double %signed
}

define internal double @enzyme.math.cospi(double %x) nounwind {
  %turned = call double @enzyme.math.halfturns(double %x)
  %size = call double @llvm.fabs.f64(double %turned)
  %moved = fadd double %size, 0.5
  %value = call double @enzyme.math.sinpi.from(double %moved)
  ret double %value
}

define internal double @enzyme.math.halfturns(double %x) nounwind {
  %half = fmul double %x, 0.5
  %even = call double @llvm.roundeven.f64(double %half)
  %turns = fmul double %even, 2.0
  %rest = fsub double %x, %turns
  ret double %rest
}

define internal double @enzyme.math.sinpi.from(double %a) nounwind {
entry:
  %first = fcmp ole double %a, 0.25
  br i1 %first, label %rising, label %beyond
rising:
  %small = fmul double %a, 0x400921FB54442D18
  %s = call double @llvm.sin.f64(double %small)
  ret double %s
beyond:
  %top = fcmp olt double %a, 0.75
  br i1 %top, label %summit, label %further
summit:
  %from.top = fsub double %a, 0.5
  %small.top = fmul double %from.top, 0x400921FB54442D18
  %c = call double @llvm.cos.f64(double %small.top)
  ret double %c
further:
  %falls = fcmp ole double %a, 1.25
  br i1 %falls, label %falling, label %bottom
falling:
  %from.end = fsub double 1.0, %a
  %small.end = fmul double %from.end, 0x400921FB54442D18
  %f = call double @llvm.sin.f64(double %small.end)
  ret double %f
bottom:
  %from.bottom = fsub double %a, 1.5
  %small.bottom = fmul double %from.bottom, 0x400921FB54442D18
  %b = call double @llvm.cos.f64(double %small.bottom)
  %minus = fneg double %b
  ret double %minus
}

define internal float @enzyme.math.sinpif(float %x) nounwind {
  %wide = fpext float %x to double
  %value = call double @enzyme.math.sinpi(double %wide)
  %narrow = fptrunc double %value to float
  ret float %narrow
}

define internal float @enzyme.math.cospif(float %x) nounwind {
  %wide = fpext float %x to double
  %value = call double @enzyme.math.cospi(double %wide)
  %narrow = fptrunc double %value to float
  ret float %narrow
}
