; To read a float of four bytes again is cheaper than to write and read four bytes of tape.

define void @f(ptr %x, ptr %y, ptr %len) {
entry:
  %n = load i64, ptr %len
  br label %head

head:
  %i = phi i64 [ 0, %entry ], [ %i.next, %again ]
  %sum = phi float [ 0.0, %entry ], [ %sum.next, %again ]
  %more = icmp ult i64 %i, %n
  br i1 %more, label %again, label %done

again:
  %at = getelementptr float, ptr %x, i64 %i
  %v = load float, ptr %at
  %square = fmul float %v, %v
  %sum.next = fadd float %sum, %square
  %i.next = add nuw i64 %i, 1
  br label %head

done:
  store float %sum, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
