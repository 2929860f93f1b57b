; What the processor can is asked in registers, and a black box does nothing, whatever
; their clobbers say: neither carries a derivative into or out of memory.

define void @f(ptr %x, ptr %y) {
  %c = call { i64, i32, i32, i32 } asm sideeffect inteldialect "mov ${0:q}, rbx\0Acpuid\0Axchg ${0:q}, rbx", "=&r,=&{ax},=&{cx},=&{dx},1,2,~{memory}"(i32 7, i32 0)
  %d = extractvalue { i64, i32, i32, i32 } %c, 2
  %bit = and i32 %d, 64
  %has = icmp ne i32 %bit, 0
  call void asm sideeffect "", "r,~{memory}"(ptr %x)
  %v = load double, ptr %x
  br i1 %has, label %a, label %b
a:
  %square = fmul double %v, %v
  br label %b
b:
  %r = phi double [ %v, %0 ], [ %square, %a ]
  store double %r, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
