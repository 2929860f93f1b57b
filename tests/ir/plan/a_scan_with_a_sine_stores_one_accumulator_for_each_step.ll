; acc[i] = sin(acc[i]) x[k, i] + x[k, i]²: the tape holds the old accumulator, four bytes for
; each element and step. Its sine is computed again: the adjoint takes the cosine anyway.

define void @f(ptr %xs, ptr %acc, ptr %lens) {
entry:
  %steps = load i64, ptr %lens
  %at.width = getelementptr i64, ptr %lens, i64 1
  %width = load i64, ptr %at.width
  br label %step

step:
  %k = phi i64 [ 0, %entry ], [ %k.next, %next ]
  %begin = mul i64 %k, %width
  %row = getelementptr float, ptr %xs, i64 %begin
  br label %item

item:
  %i = phi i64 [ 0, %step ], [ %i.next, %item ]
  %at.x = getelementptr float, ptr %row, i64 %i
  %x = load float, ptr %at.x
  %at.acc = getelementptr float, ptr %acc, i64 %i
  %old = load float, ptr %at.acc
  %square = fmul float %x, %x
  %sine = call float @llvm.sin.f32(float %old)
  %product = fmul float %sine, %x
  %new = fadd float %product, %square
  store float %new, ptr %at.acc
  %i.next = add nuw i64 %i, 1
  %more = icmp ult i64 %i.next, %width
  br i1 %more, label %item, label %next

next:
  %k.next = add nuw i64 %k, 1
  %on = icmp ult i64 %k.next, %steps
  br i1 %on, label %step, label %done

done:
  ret void
}

declare float @llvm.sin.f32(float)

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
