; Three sides store: no one condition tells from where the join was reached, so its path does.

define void @f(ptr %x, ptr %y) {
entry:
  %v = load double, ptr %x
  %bits = load i32, ptr %y
  switch i32 %bits, label %up [
    i32 1, label %down
    i32 2, label %aside
  ]

up:
  %square = fmul double %v, %v
  %first = getelementptr double, ptr %y, i64 1
  store double %square, ptr %first
  br label %join

down:
  %second = getelementptr double, ptr %y, i64 2
  store double %v, ptr %second
  br label %join

aside:
  %third = getelementptr double, ptr %y, i64 3
  store double %v, ptr %third
  br label %join

join:
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
