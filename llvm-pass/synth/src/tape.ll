; Tapes that outlive the call that wrote them. Each has an arena of its own, so that tapes
; may be used up in any order, and on any thread; while one of its sweeps runs, that arena
; stands in the place of the thread's.
;
; The frame of the function follows behind the tape's own fields.

%tape = type { %arena, ptr, %arena, ptr, ptr, ptr } ; its arena and what is freed later; the thread's; the thread

@enzyme.tape.message = private unnamed_addr constant [122 x i8] c"enzyme-rs: ENZ0041: a function that uses global variables has its reverse sweep on another thread than its forward sweep\0A\00"

; A tape with room for a frame.
define internal noalias ptr @enzyme.tape.make(i64 %frame) noinline nounwind {
entry:
  %bytes = add i64 %frame, 80
  %tape = call ptr @malloc(i64 %bytes)
  %none = icmp eq ptr %tape, null
  br i1 %none, label %fail, label %clear
clear:
  call void @llvm.memset.p0.i64(ptr align 16 %tape, i8 0, i64 80, i1 false)
  ret ptr %tape
fail:
  call void @enzyme.arena.exhausted()
  unreachable
}

; Remembers the thread: shadows of global variables are those of this thread.
define internal void @enzyme.tape.here(ptr %tape) nounwind {
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %slot = getelementptr %tape, ptr %tape, i64 0, i32 4
  store ptr %state, ptr %slot
  ret void
}

; Ends the program if this is another thread.
define internal void @enzyme.tape.same(ptr %tape) noinline nounwind {
entry:
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %slot = getelementptr %tape, ptr %tape, i64 0, i32 4
  %thread = load ptr, ptr %slot
  %same = icmp eq ptr %state, %thread
  br i1 %same, label %done, label %refuse
refuse:
  call void @enzyme.refuse(ptr @enzyme.tape.message, i64 121)
  unreachable
done:
  ret void
}

; The tape's arena becomes that of this thread.
define internal void @enzyme.tape.enter(ptr %tape) noinline nounwind {
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %list = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.later.list)
  %own.list = getelementptr %tape, ptr %tape, i64 0, i32 1
  %outer = getelementptr %tape, ptr %tape, i64 0, i32 2
  %outer.list = getelementptr %tape, ptr %tape, i64 0, i32 3
  %thread = load %arena, ptr %state
  store %arena %thread, ptr %outer
  %thread.later = load ptr, ptr %list
  store ptr %thread.later, ptr %outer.list
  %own = load %arena, ptr %tape
  store %arena %own, ptr %state
  %own.later = load ptr, ptr %own.list
  store ptr %own.later, ptr %list
  ret void
}

; The thread has its own arena again.
define internal void @enzyme.tape.leave(ptr %tape) noinline nounwind {
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %list = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.later.list)
  %own.list = getelementptr %tape, ptr %tape, i64 0, i32 1
  %outer = getelementptr %tape, ptr %tape, i64 0, i32 2
  %outer.list = getelementptr %tape, ptr %tape, i64 0, i32 3
  %own = load %arena, ptr %state
  store %arena %own, ptr %tape
  %own.later = load ptr, ptr %list
  store ptr %own.later, ptr %own.list
  %thread = load %arena, ptr %outer
  store %arena %thread, ptr %state
  %thread.later = load ptr, ptr %outer.list
  store ptr %thread.later, ptr %list
  ret void
}

; Frees what was put off and all memory of the tape, whose arena is this thread's.
define internal void @enzyme.tape.delete(ptr %tape) noinline nounwind {
entry:
  call void @enzyme.later.run(ptr null)
  %state = call ptr @llvm.threadlocal.address.p0(ptr @enzyme.arena.state)
  %slot = getelementptr %arena, ptr %state, i64 0, i32 2
  %first = load ptr, ptr %slot
  br label %next
next:
  %chunk = phi ptr [ %first, %entry ], [ %older, %drop ]
  %end = icmp eq ptr %chunk, null
  br i1 %end, label %done, label %drop
drop:
  %older = load ptr, ptr %chunk
  call void @free(ptr %chunk)
  br label %next
done:
  call void @enzyme.tape.leave(ptr %tape)
  call void @free(ptr %tape)
  ret void
}
