; An array of { double, i64, float } of 24 bytes each.

define void @f(ptr %x, ptr %y, ptr %len) {
entry:
  %n = load i64, ptr %len
  br label %again

again:
  %i = phi i64 [ 0, %entry ], [ %i.next, %again ]
  %sum = phi double [ 0.0, %entry ], [ %sum.next, %again ]
  %record = getelementptr { double, i64, float }, ptr %x, i64 %i
  %v = load double, ptr %record
  %id.at = getelementptr i8, ptr %record, i64 8
  %id = load i64, ptr %id.at
  %weight.at = getelementptr i8, ptr %record, i64 16
  %weight = load float, ptr %weight.at
  %wide = fpext float %weight to double
  %scale = uitofp i64 %id to double
  %a = fmul double %v, %wide
  %b = fmul double %a, %scale
  %sum.next = fadd double %sum, %b
  %i.next = add nuw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %again, label %done

done:
  store double %sum.next, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
