@labels = internal constant [2 x ptr] [ptr blockaddress(@f, %square), ptr blockaddress(@f, %end)]

define void @f(ptr %x, ptr %y, ptr %which) {
entry:
  %v = load double, ptr %x
  %index = load i64, ptr %which
  %place = getelementptr [2 x ptr], ptr @labels, i64 0, i64 %index
  %label = load ptr, ptr %place
  indirectbr ptr %label, [label %square, label %end]

square:
  %s = fmul double %v, %v
  store double %s, ptr %y
  ret void

end:
  store double %v, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
