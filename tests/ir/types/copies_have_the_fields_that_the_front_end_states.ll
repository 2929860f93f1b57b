; A struct that is only copied: alias metadata names the scalar types of its fields.

define void @copy(ptr %in, ptr %out) {
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %out, ptr align 8 %in, i64 32, i1 false), !tbaa.struct !0
  ret void
}

define void @caller(ptr %in, ptr %din, ptr %out, ptr %dout) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @copy, ptr %in, ptr %din, ptr %out, ptr %dout)
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @__enzyme_autodiff(ptr, ...)

!0 = !{i64 0, i64 16, !1, i64 16, i64 4, !2, i64 20, i64 4, !3, i64 24, i64 8, !1}
!1 = !{!4, !4, i64 0}
!2 = !{!5, !5, i64 0}
!3 = !{!6, !6, i64 0}
!4 = !{!"double", !7, i64 0}
!5 = !{!"int", !7, i64 0}
!6 = !{!"float", !7, i64 0}
!7 = !{!"omnipotent char", !8, i64 0}
!8 = !{!"Simple C/C++ TBAA"}
