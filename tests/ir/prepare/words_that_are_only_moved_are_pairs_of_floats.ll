; A complex number of `f32` is loaded as a double, chosen and put into a vector of doubles.

define void @f(ptr %x, ptr %y, ptr %n) {
entry:
  %first = load double, ptr %x
  %which = load i1, ptr %n
  br i1 %which, label %other, label %join
other:
  %next = getelementptr i8, ptr %x, i64 8
  %second = load double, ptr %next
  br label %join
join:
  %word = phi double [ %first, %entry ], [ %second, %other ]
  %low = insertelement <2 x double> <double poison, double 0.0>, double %word, i64 0
  %both = shufflevector <2 x double> %low, <2 x double> poison, <2 x i32> <i32 1, i32 0>
  %lanes = bitcast <2 x double> %both to <4 x float>
  %square = fmul <4 x float> %lanes, %lanes
  %words = bitcast <4 x float> %square to <2 x i64>
  %high = extractelement <2 x i64> %words, i64 1
  store i64 %high, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
