; A join of three ways has a phi that tells which one was taken.

define void @f(ptr %x, ptr %y, ptr %which) {
entry:
  %k = load i32, ptr %which
  %v = load double, ptr %x
  switch i32 %k, label %other [
    i32 3, label %double
    i32 7, label %square
  ]

double:
  %twice = fadd double %v, %v
  store double %twice, ptr %y
  br label %done

square:
  %product = fmul double %v, %v
  store double %product, ptr %y
  br label %done

other:
  store double 1.0, ptr %y
  br label %done

done:
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
