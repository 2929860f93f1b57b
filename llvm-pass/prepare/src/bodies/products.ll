; Made of `products.c` by the test of `tests/c.rs` that compares them.
define dso_local void @enzyme.body.product.f64(i64 noundef %m, i64 noundef %n, i64 noundef %k, ptr noalias noundef captures(none) %dst, i64 noundef %dst_col, i64 noundef %dst_row, i1 noundef zeroext %read, ptr noundef readonly captures(none) %lhs, i64 noundef %lhs_col, i64 noundef %lhs_row, ptr noundef readonly captures(none) %rhs, i64 noundef %rhs_col, i64 noundef %rhs_row, double noundef %alpha, double noundef %beta, i1 noundef zeroext %conj_dst, i1 noundef zeroext %conj_lhs, i1 noundef zeroext %conj_rhs) local_unnamed_addr {
entry:
  %cmp = icmp eq i64 %m, 0
  %cmp4 = icmp eq i64 %n, 0
  %or.cond = or i1 %cmp, %cmp4
  br i1 %or.cond, label %return, label %if.end

if.end:
  %mul = mul nsw i64 %k, %m
  %add = add nsw i64 %mul, 1
  %0 = tail call ptr @llvm.stacksave.p0()
  %vla = alloca double, i64 %add, align 16
  %mul5 = mul nsw i64 %k, %n
  %add6 = add nsw i64 %mul5, 1
  %vla7 = alloca double, i64 %add6, align 16
  %vla8 = alloca double, i64 %m, align 16
  %smax = tail call i64 @llvm.smax.i64(i64 %m, i64 0)
  %smax173 = tail call i64 @llvm.smax.i64(i64 %k, i64 0)
  br label %for.cond

for.cond:
  %p.0 = phi i64 [ 0, %if.end ], [ %inc21, %for.cond.cleanup12 ]
  %exitcond174.not = icmp eq i64 %p.0, %smax173
  br i1 %exitcond174.not, label %for.cond23.preheader, label %for.cond10.preheader

for.cond23.preheader:
  %smax176 = tail call i64 @llvm.smax.i64(i64 %n, i64 0)
  br label %for.cond23

for.cond10.preheader:
  %mul15 = mul nsw i64 %p.0, %lhs_col
  %invariant.gep = getelementptr double, ptr %lhs, i64 %mul15
  %mul17 = mul nsw i64 %p.0, %m
  %1 = getelementptr double, ptr %vla, i64 %mul17
  br label %for.cond10

for.cond10:
  %i.0 = phi i64 [ %inc, %for.body13 ], [ 0, %for.cond10.preheader ]
  %exitcond.not = icmp eq i64 %i.0, %smax
  br i1 %exitcond.not, label %for.cond.cleanup12, label %for.body13

for.cond.cleanup12:
  %inc21 = add nuw i64 %p.0, 1
  br label %for.cond

for.body13:
  %mul14 = mul nsw i64 %i.0, %lhs_row
  %gep = getelementptr double, ptr %invariant.gep, i64 %mul14
  %2 = load double, ptr %gep, align 8
  %arrayidx19 = getelementptr double, ptr %1, i64 %i.0
  store double %2, ptr %arrayidx19, align 8
  %inc = add nuw i64 %i.0, 1
  br label %for.cond10

for.cond23:
  %j.0 = phi i64 [ %inc43, %for.cond.cleanup30 ], [ 0, %for.cond23.preheader ]
  %exitcond177.not = icmp eq i64 %j.0, %smax176
  br i1 %exitcond177.not, label %for.cond46, label %for.cond28.preheader

for.cond28.preheader:
  %mul33 = mul nsw i64 %j.0, %rhs_col
  %invariant.gep170 = getelementptr double, ptr %rhs, i64 %mul33
  %mul36 = mul nsw i64 %j.0, %k
  %3 = getelementptr double, ptr %vla7, i64 %mul36
  br label %for.cond28

for.cond28:
  %p27.0 = phi i64 [ %inc40, %for.body31 ], [ 0, %for.cond28.preheader ]
  %exitcond175.not = icmp eq i64 %p27.0, %smax173
  br i1 %exitcond175.not, label %for.cond.cleanup30, label %for.body31

for.cond.cleanup30:
  %inc43 = add nuw i64 %j.0, 1
  br label %for.cond23

for.body31:
  %mul32 = mul nsw i64 %p27.0, %rhs_row
  %gep171 = getelementptr double, ptr %invariant.gep170, i64 %mul32
  %4 = load double, ptr %gep171, align 8
  %arrayidx38 = getelementptr double, ptr %3, i64 %p27.0
  store double %4, ptr %arrayidx38, align 8
  %inc40 = add nuw i64 %p27.0, 1
  br label %for.cond28

for.cond46:
  %j45.0 = phi i64 [ %inc114, %if.end112 ], [ 0, %for.cond23 ]
  %exitcond183.not = icmp eq i64 %j45.0, %smax176
  br i1 %exitcond183.not, label %for.cond.cleanup48, label %for.cond52

for.cond.cleanup48:
  call void @llvm.stackrestore.p0(ptr %0)
  br label %return

for.cond52:
  %i51.0 = phi i64 [ %inc58, %for.body55 ], [ 0, %for.cond46 ]
  %exitcond178.not = icmp eq i64 %i51.0, %smax
  br i1 %exitcond178.not, label %for.cond61.preheader, label %for.body55

for.cond61.preheader:
  %mul65 = mul nsw i64 %j45.0, %k
  %5 = getelementptr double, ptr %vla7, i64 %mul65
  br label %for.cond61

for.body55:
  %arrayidx56 = getelementptr inbounds nuw double, ptr %vla8, i64 %i51.0
  store double 0.000000e+00, ptr %arrayidx56, align 8
  %inc58 = add nuw i64 %i51.0, 1
  br label %for.cond52

for.cond61:
  %p60.0 = phi i64 [ %inc82, %for.cond.cleanup71 ], [ 0, %for.cond61.preheader ]
  %exitcond180.not = icmp eq i64 %p60.0, %smax173
  br i1 %exitcond180.not, label %for.cond.cleanup63, label %for.body64

for.cond.cleanup63:
  %mul50 = mul nsw i64 %j45.0, %dst_col
  %add.ptr = getelementptr inbounds double, ptr %dst, i64 %mul50
  br i1 %read, label %for.cond86, label %for.cond101

for.body64:
  %arrayidx67 = getelementptr double, ptr %5, i64 %p60.0
  %6 = load double, ptr %arrayidx67, align 8
  %mul73 = mul nsw i64 %p60.0, %m
  %7 = getelementptr double, ptr %vla, i64 %mul73
  br label %for.cond69

for.cond69:
  %i68.0 = phi i64 [ 0, %for.body64 ], [ %inc79, %for.body72 ]
  %exitcond179.not = icmp eq i64 %i68.0, %smax
  br i1 %exitcond179.not, label %for.cond.cleanup71, label %for.body72

for.cond.cleanup71:
  %inc82 = add nuw i64 %p60.0, 1
  br label %for.cond61

for.body72:
  %arrayidx75 = getelementptr double, ptr %7, i64 %i68.0
  %8 = load double, ptr %arrayidx75, align 8
  %arrayidx77 = getelementptr inbounds nuw double, ptr %vla8, i64 %i68.0
  %9 = load double, ptr %arrayidx77, align 8
  %10 = tail call double @llvm.fmuladd.f64(double %8, double %6, double %9)
  store double %10, ptr %arrayidx77, align 8
  %inc79 = add nuw i64 %i68.0, 1
  br label %for.cond69

for.cond86:
  %i85.0 = phi i64 [ %inc98, %for.body89 ], [ 0, %for.cond.cleanup63 ]
  %exitcond182.not = icmp eq i64 %i85.0, %smax
  br i1 %exitcond182.not, label %if.end112, label %for.body89

for.body89:
  %mul90 = mul nsw i64 %i85.0, %dst_row
  %arrayidx91 = getelementptr inbounds double, ptr %add.ptr, i64 %mul90
  %11 = load double, ptr %arrayidx91, align 8
  %arrayidx93 = getelementptr inbounds nuw double, ptr %vla8, i64 %i85.0
  %12 = load double, ptr %arrayidx93, align 8
  %mul94 = fmul double %beta, %12
  %13 = tail call double @llvm.fmuladd.f64(double %alpha, double %11, double %mul94)
  store double %13, ptr %arrayidx91, align 8
  %inc98 = add nuw i64 %i85.0, 1
  br label %for.cond86

for.cond101:
  %i100.0 = phi i64 [ %inc110, %for.body104 ], [ 0, %for.cond.cleanup63 ]
  %exitcond181.not = icmp eq i64 %i100.0, %smax
  br i1 %exitcond181.not, label %if.end112, label %for.body104

for.body104:
  %arrayidx105 = getelementptr inbounds nuw double, ptr %vla8, i64 %i100.0
  %14 = load double, ptr %arrayidx105, align 8
  %mul106 = fmul double %beta, %14
  %mul107 = mul nsw i64 %i100.0, %dst_row
  %arrayidx108 = getelementptr inbounds double, ptr %add.ptr, i64 %mul107
  store double %mul106, ptr %arrayidx108, align 8
  %inc110 = add nuw i64 %i100.0, 1
  br label %for.cond101

if.end112:
  %inc114 = add nuw i64 %j45.0, 1
  br label %for.cond46

return:
  ret void
}

declare ptr @llvm.stacksave.p0()

declare double @llvm.fmuladd.f64(double, double, double)

declare void @llvm.stackrestore.p0(ptr)

define dso_local void @enzyme.body.product.f32(i64 noundef %m, i64 noundef %n, i64 noundef %k, ptr noalias noundef captures(none) %dst, i64 noundef %dst_col, i64 noundef %dst_row, i1 noundef zeroext %read, ptr noundef readonly captures(none) %lhs, i64 noundef %lhs_col, i64 noundef %lhs_row, ptr noundef readonly captures(none) %rhs, i64 noundef %rhs_col, i64 noundef %rhs_row, float noundef %alpha, float noundef %beta, i1 noundef zeroext %conj_dst, i1 noundef zeroext %conj_lhs, i1 noundef zeroext %conj_rhs) local_unnamed_addr {
entry:
  %cmp = icmp eq i64 %m, 0
  %cmp4 = icmp eq i64 %n, 0
  %or.cond = or i1 %cmp, %cmp4
  br i1 %or.cond, label %return, label %if.end

if.end:
  %mul = mul nsw i64 %k, %m
  %add = add nsw i64 %mul, 1
  %0 = tail call ptr @llvm.stacksave.p0()
  %vla = alloca float, i64 %add, align 16
  %mul5 = mul nsw i64 %k, %n
  %add6 = add nsw i64 %mul5, 1
  %vla7 = alloca float, i64 %add6, align 16
  %vla8 = alloca float, i64 %m, align 16
  %smax = tail call i64 @llvm.smax.i64(i64 %m, i64 0)
  %smax173 = tail call i64 @llvm.smax.i64(i64 %k, i64 0)
  br label %for.cond

for.cond:
  %p.0 = phi i64 [ 0, %if.end ], [ %inc21, %for.cond.cleanup12 ]
  %exitcond174.not = icmp eq i64 %p.0, %smax173
  br i1 %exitcond174.not, label %for.cond23.preheader, label %for.cond10.preheader

for.cond23.preheader:
  %smax176 = tail call i64 @llvm.smax.i64(i64 %n, i64 0)
  br label %for.cond23

for.cond10.preheader:
  %mul15 = mul nsw i64 %p.0, %lhs_col
  %invariant.gep = getelementptr float, ptr %lhs, i64 %mul15
  %mul17 = mul nsw i64 %p.0, %m
  %1 = getelementptr float, ptr %vla, i64 %mul17
  br label %for.cond10

for.cond10:
  %i.0 = phi i64 [ %inc, %for.body13 ], [ 0, %for.cond10.preheader ]
  %exitcond.not = icmp eq i64 %i.0, %smax
  br i1 %exitcond.not, label %for.cond.cleanup12, label %for.body13

for.cond.cleanup12:
  %inc21 = add nuw i64 %p.0, 1
  br label %for.cond

for.body13:
  %mul14 = mul nsw i64 %i.0, %lhs_row
  %gep = getelementptr float, ptr %invariant.gep, i64 %mul14
  %2 = load float, ptr %gep, align 4
  %arrayidx19 = getelementptr float, ptr %1, i64 %i.0
  store float %2, ptr %arrayidx19, align 4
  %inc = add nuw i64 %i.0, 1
  br label %for.cond10

for.cond23:
  %j.0 = phi i64 [ %inc43, %for.cond.cleanup30 ], [ 0, %for.cond23.preheader ]
  %exitcond177.not = icmp eq i64 %j.0, %smax176
  br i1 %exitcond177.not, label %for.cond46, label %for.cond28.preheader

for.cond28.preheader:
  %mul33 = mul nsw i64 %j.0, %rhs_col
  %invariant.gep170 = getelementptr float, ptr %rhs, i64 %mul33
  %mul36 = mul nsw i64 %j.0, %k
  %3 = getelementptr float, ptr %vla7, i64 %mul36
  br label %for.cond28

for.cond28:
  %p27.0 = phi i64 [ %inc40, %for.body31 ], [ 0, %for.cond28.preheader ]
  %exitcond175.not = icmp eq i64 %p27.0, %smax173
  br i1 %exitcond175.not, label %for.cond.cleanup30, label %for.body31

for.cond.cleanup30:
  %inc43 = add nuw i64 %j.0, 1
  br label %for.cond23

for.body31:
  %mul32 = mul nsw i64 %p27.0, %rhs_row
  %gep171 = getelementptr float, ptr %invariant.gep170, i64 %mul32
  %4 = load float, ptr %gep171, align 4
  %arrayidx38 = getelementptr float, ptr %3, i64 %p27.0
  store float %4, ptr %arrayidx38, align 4
  %inc40 = add nuw i64 %p27.0, 1
  br label %for.cond28

for.cond46:
  %j45.0 = phi i64 [ %inc114, %if.end112 ], [ 0, %for.cond23 ]
  %exitcond183.not = icmp eq i64 %j45.0, %smax176
  br i1 %exitcond183.not, label %for.cond.cleanup48, label %for.cond52

for.cond.cleanup48:
  call void @llvm.stackrestore.p0(ptr %0)
  br label %return

for.cond52:
  %i51.0 = phi i64 [ %inc58, %for.body55 ], [ 0, %for.cond46 ]
  %exitcond178.not = icmp eq i64 %i51.0, %smax
  br i1 %exitcond178.not, label %for.cond61.preheader, label %for.body55

for.cond61.preheader:
  %mul65 = mul nsw i64 %j45.0, %k
  %5 = getelementptr float, ptr %vla7, i64 %mul65
  br label %for.cond61

for.body55:
  %arrayidx56 = getelementptr inbounds nuw float, ptr %vla8, i64 %i51.0
  store float 0.000000e+00, ptr %arrayidx56, align 4
  %inc58 = add nuw i64 %i51.0, 1
  br label %for.cond52

for.cond61:
  %p60.0 = phi i64 [ %inc82, %for.cond.cleanup71 ], [ 0, %for.cond61.preheader ]
  %exitcond180.not = icmp eq i64 %p60.0, %smax173
  br i1 %exitcond180.not, label %for.cond.cleanup63, label %for.body64

for.cond.cleanup63:
  %mul50 = mul nsw i64 %j45.0, %dst_col
  %add.ptr = getelementptr inbounds float, ptr %dst, i64 %mul50
  br i1 %read, label %for.cond86, label %for.cond101

for.body64:
  %arrayidx67 = getelementptr float, ptr %5, i64 %p60.0
  %6 = load float, ptr %arrayidx67, align 4
  %mul73 = mul nsw i64 %p60.0, %m
  %7 = getelementptr float, ptr %vla, i64 %mul73
  br label %for.cond69

for.cond69:
  %i68.0 = phi i64 [ 0, %for.body64 ], [ %inc79, %for.body72 ]
  %exitcond179.not = icmp eq i64 %i68.0, %smax
  br i1 %exitcond179.not, label %for.cond.cleanup71, label %for.body72

for.cond.cleanup71:
  %inc82 = add nuw i64 %p60.0, 1
  br label %for.cond61

for.body72:
  %arrayidx75 = getelementptr float, ptr %7, i64 %i68.0
  %8 = load float, ptr %arrayidx75, align 4
  %arrayidx77 = getelementptr inbounds nuw float, ptr %vla8, i64 %i68.0
  %9 = load float, ptr %arrayidx77, align 4
  %10 = tail call float @llvm.fmuladd.f32(float %8, float %6, float %9)
  store float %10, ptr %arrayidx77, align 4
  %inc79 = add nuw i64 %i68.0, 1
  br label %for.cond69

for.cond86:
  %i85.0 = phi i64 [ %inc98, %for.body89 ], [ 0, %for.cond.cleanup63 ]
  %exitcond182.not = icmp eq i64 %i85.0, %smax
  br i1 %exitcond182.not, label %if.end112, label %for.body89

for.body89:
  %mul90 = mul nsw i64 %i85.0, %dst_row
  %arrayidx91 = getelementptr inbounds float, ptr %add.ptr, i64 %mul90
  %11 = load float, ptr %arrayidx91, align 4
  %arrayidx93 = getelementptr inbounds nuw float, ptr %vla8, i64 %i85.0
  %12 = load float, ptr %arrayidx93, align 4
  %mul94 = fmul float %beta, %12
  %13 = tail call float @llvm.fmuladd.f32(float %alpha, float %11, float %mul94)
  store float %13, ptr %arrayidx91, align 4
  %inc98 = add nuw i64 %i85.0, 1
  br label %for.cond86

for.cond101:
  %i100.0 = phi i64 [ %inc110, %for.body104 ], [ 0, %for.cond.cleanup63 ]
  %exitcond181.not = icmp eq i64 %i100.0, %smax
  br i1 %exitcond181.not, label %if.end112, label %for.body104

for.body104:
  %arrayidx105 = getelementptr inbounds nuw float, ptr %vla8, i64 %i100.0
  %14 = load float, ptr %arrayidx105, align 4
  %mul106 = fmul float %beta, %14
  %mul107 = mul nsw i64 %i100.0, %dst_row
  %arrayidx108 = getelementptr inbounds float, ptr %add.ptr, i64 %mul107
  store float %mul106, ptr %arrayidx108, align 4
  %inc110 = add nuw i64 %i100.0, 1
  br label %for.cond101

if.end112:
  %inc114 = add nuw i64 %j45.0, 1
  br label %for.cond46

return:
  ret void
}

declare float @llvm.fmuladd.f32(float, float, float)

define dso_local void @enzyme.body.product.f64_on_threads(i64 noundef %m, i64 noundef %n, i64 noundef %k, ptr noalias noundef captures(none) %dst, i64 noundef %dst_col, i64 noundef %dst_row, i1 noundef zeroext %read, ptr noundef readonly captures(none) %lhs, i64 noundef %lhs_col, i64 noundef %lhs_row, ptr noundef readonly captures(none) %rhs, i64 noundef %rhs_col, i64 noundef %rhs_row, double noundef %alpha, double noundef %beta, i1 noundef zeroext %conj_dst, i1 noundef zeroext %conj_lhs, i1 noundef zeroext %conj_rhs, i64 noundef %several, i64 noundef %threads) local_unnamed_addr {
entry:
  %cmp = icmp eq i64 %m, 0
  %cmp4 = icmp eq i64 %n, 0
  %or.cond = or i1 %cmp, %cmp4
  br i1 %or.cond, label %return, label %if.end

if.end:
  %mul = mul nsw i64 %k, %m
  %add = add nsw i64 %mul, 1
  %0 = tail call ptr @llvm.stacksave.p0()
  %vla = alloca double, i64 %add, align 16
  %mul5 = mul nsw i64 %k, %n
  %add6 = add nsw i64 %mul5, 1
  %vla7 = alloca double, i64 %add6, align 16
  %vla8 = alloca double, i64 %m, align 16
  %smax = tail call i64 @llvm.smax.i64(i64 %m, i64 0)
  %smax173 = tail call i64 @llvm.smax.i64(i64 %k, i64 0)
  br label %for.cond

for.cond:
  %p.0 = phi i64 [ 0, %if.end ], [ %inc21, %for.cond.cleanup12 ]
  %exitcond174.not = icmp eq i64 %p.0, %smax173
  br i1 %exitcond174.not, label %for.cond23.preheader, label %for.cond10.preheader

for.cond23.preheader:
  %smax176 = tail call i64 @llvm.smax.i64(i64 %n, i64 0)
  br label %for.cond23

for.cond10.preheader:
  %mul15 = mul nsw i64 %p.0, %lhs_col
  %invariant.gep = getelementptr double, ptr %lhs, i64 %mul15
  %mul17 = mul nsw i64 %p.0, %m
  %1 = getelementptr double, ptr %vla, i64 %mul17
  br label %for.cond10

for.cond10:
  %i.0 = phi i64 [ %inc, %for.body13 ], [ 0, %for.cond10.preheader ]
  %exitcond.not = icmp eq i64 %i.0, %smax
  br i1 %exitcond.not, label %for.cond.cleanup12, label %for.body13

for.cond.cleanup12:
  %inc21 = add nuw i64 %p.0, 1
  br label %for.cond

for.body13:
  %mul14 = mul nsw i64 %i.0, %lhs_row
  %gep = getelementptr double, ptr %invariant.gep, i64 %mul14
  %2 = load double, ptr %gep, align 8
  %arrayidx19 = getelementptr double, ptr %1, i64 %i.0
  store double %2, ptr %arrayidx19, align 8
  %inc = add nuw i64 %i.0, 1
  br label %for.cond10

for.cond23:
  %j.0 = phi i64 [ %inc43, %for.cond.cleanup30 ], [ 0, %for.cond23.preheader ]
  %exitcond177.not = icmp eq i64 %j.0, %smax176
  br i1 %exitcond177.not, label %for.cond46, label %for.cond28.preheader

for.cond28.preheader:
  %mul33 = mul nsw i64 %j.0, %rhs_col
  %invariant.gep170 = getelementptr double, ptr %rhs, i64 %mul33
  %mul36 = mul nsw i64 %j.0, %k
  %3 = getelementptr double, ptr %vla7, i64 %mul36
  br label %for.cond28

for.cond28:
  %p27.0 = phi i64 [ %inc40, %for.body31 ], [ 0, %for.cond28.preheader ]
  %exitcond175.not = icmp eq i64 %p27.0, %smax173
  br i1 %exitcond175.not, label %for.cond.cleanup30, label %for.body31

for.cond.cleanup30:
  %inc43 = add nuw i64 %j.0, 1
  br label %for.cond23

for.body31:
  %mul32 = mul nsw i64 %p27.0, %rhs_row
  %gep171 = getelementptr double, ptr %invariant.gep170, i64 %mul32
  %4 = load double, ptr %gep171, align 8
  %arrayidx38 = getelementptr double, ptr %3, i64 %p27.0
  store double %4, ptr %arrayidx38, align 8
  %inc40 = add nuw i64 %p27.0, 1
  br label %for.cond28

for.cond46:
  %j45.0 = phi i64 [ %inc114, %if.end112 ], [ 0, %for.cond23 ]
  %exitcond183.not = icmp eq i64 %j45.0, %smax176
  br i1 %exitcond183.not, label %for.cond.cleanup48, label %for.cond52

for.cond.cleanup48:
  call void @llvm.stackrestore.p0(ptr %0)
  br label %return

for.cond52:
  %i51.0 = phi i64 [ %inc58, %for.body55 ], [ 0, %for.cond46 ]
  %exitcond178.not = icmp eq i64 %i51.0, %smax
  br i1 %exitcond178.not, label %for.cond61.preheader, label %for.body55

for.cond61.preheader:
  %mul65 = mul nsw i64 %j45.0, %k
  %5 = getelementptr double, ptr %vla7, i64 %mul65
  br label %for.cond61

for.body55:
  %arrayidx56 = getelementptr inbounds nuw double, ptr %vla8, i64 %i51.0
  store double 0.000000e+00, ptr %arrayidx56, align 8
  %inc58 = add nuw i64 %i51.0, 1
  br label %for.cond52

for.cond61:
  %p60.0 = phi i64 [ %inc82, %for.cond.cleanup71 ], [ 0, %for.cond61.preheader ]
  %exitcond180.not = icmp eq i64 %p60.0, %smax173
  br i1 %exitcond180.not, label %for.cond.cleanup63, label %for.body64

for.cond.cleanup63:
  %mul50 = mul nsw i64 %j45.0, %dst_col
  %add.ptr = getelementptr inbounds double, ptr %dst, i64 %mul50
  br i1 %read, label %for.cond86, label %for.cond101

for.body64:
  %arrayidx67 = getelementptr double, ptr %5, i64 %p60.0
  %6 = load double, ptr %arrayidx67, align 8
  %mul73 = mul nsw i64 %p60.0, %m
  %7 = getelementptr double, ptr %vla, i64 %mul73
  br label %for.cond69

for.cond69:
  %i68.0 = phi i64 [ 0, %for.body64 ], [ %inc79, %for.body72 ]
  %exitcond179.not = icmp eq i64 %i68.0, %smax
  br i1 %exitcond179.not, label %for.cond.cleanup71, label %for.body72

for.cond.cleanup71:
  %inc82 = add nuw i64 %p60.0, 1
  br label %for.cond61

for.body72:
  %arrayidx75 = getelementptr double, ptr %7, i64 %i68.0
  %8 = load double, ptr %arrayidx75, align 8
  %arrayidx77 = getelementptr inbounds nuw double, ptr %vla8, i64 %i68.0
  %9 = load double, ptr %arrayidx77, align 8
  %10 = tail call double @llvm.fmuladd.f64(double %8, double %6, double %9)
  store double %10, ptr %arrayidx77, align 8
  %inc79 = add nuw i64 %i68.0, 1
  br label %for.cond69

for.cond86:
  %i85.0 = phi i64 [ %inc98, %for.body89 ], [ 0, %for.cond.cleanup63 ]
  %exitcond182.not = icmp eq i64 %i85.0, %smax
  br i1 %exitcond182.not, label %if.end112, label %for.body89

for.body89:
  %mul90 = mul nsw i64 %i85.0, %dst_row
  %arrayidx91 = getelementptr inbounds double, ptr %add.ptr, i64 %mul90
  %11 = load double, ptr %arrayidx91, align 8
  %arrayidx93 = getelementptr inbounds nuw double, ptr %vla8, i64 %i85.0
  %12 = load double, ptr %arrayidx93, align 8
  %mul94 = fmul double %beta, %12
  %13 = tail call double @llvm.fmuladd.f64(double %alpha, double %11, double %mul94)
  store double %13, ptr %arrayidx91, align 8
  %inc98 = add nuw i64 %i85.0, 1
  br label %for.cond86

for.cond101:
  %i100.0 = phi i64 [ %inc110, %for.body104 ], [ 0, %for.cond.cleanup63 ]
  %exitcond181.not = icmp eq i64 %i100.0, %smax
  br i1 %exitcond181.not, label %if.end112, label %for.body104

for.body104:
  %arrayidx105 = getelementptr inbounds nuw double, ptr %vla8, i64 %i100.0
  %14 = load double, ptr %arrayidx105, align 8
  %mul106 = fmul double %beta, %14
  %mul107 = mul nsw i64 %i100.0, %dst_row
  %arrayidx108 = getelementptr inbounds double, ptr %add.ptr, i64 %mul107
  store double %mul106, ptr %arrayidx108, align 8
  %inc110 = add nuw i64 %i100.0, 1
  br label %for.cond101

if.end112:
  %inc114 = add nuw i64 %j45.0, 1
  br label %for.cond46

return:
  ret void
}

define dso_local void @enzyme.body.product.f32_on_threads(i64 noundef %m, i64 noundef %n, i64 noundef %k, ptr noalias noundef captures(none) %dst, i64 noundef %dst_col, i64 noundef %dst_row, i1 noundef zeroext %read, ptr noundef readonly captures(none) %lhs, i64 noundef %lhs_col, i64 noundef %lhs_row, ptr noundef readonly captures(none) %rhs, i64 noundef %rhs_col, i64 noundef %rhs_row, float noundef %alpha, float noundef %beta, i1 noundef zeroext %conj_dst, i1 noundef zeroext %conj_lhs, i1 noundef zeroext %conj_rhs, i64 noundef %several, i64 noundef %threads) local_unnamed_addr {
entry:
  %cmp = icmp eq i64 %m, 0
  %cmp4 = icmp eq i64 %n, 0
  %or.cond = or i1 %cmp, %cmp4
  br i1 %or.cond, label %return, label %if.end

if.end:
  %mul = mul nsw i64 %k, %m
  %add = add nsw i64 %mul, 1
  %0 = tail call ptr @llvm.stacksave.p0()
  %vla = alloca float, i64 %add, align 16
  %mul5 = mul nsw i64 %k, %n
  %add6 = add nsw i64 %mul5, 1
  %vla7 = alloca float, i64 %add6, align 16
  %vla8 = alloca float, i64 %m, align 16
  %smax = tail call i64 @llvm.smax.i64(i64 %m, i64 0)
  %smax173 = tail call i64 @llvm.smax.i64(i64 %k, i64 0)
  br label %for.cond

for.cond:
  %p.0 = phi i64 [ 0, %if.end ], [ %inc21, %for.cond.cleanup12 ]
  %exitcond174.not = icmp eq i64 %p.0, %smax173
  br i1 %exitcond174.not, label %for.cond23.preheader, label %for.cond10.preheader

for.cond23.preheader:
  %smax176 = tail call i64 @llvm.smax.i64(i64 %n, i64 0)
  br label %for.cond23

for.cond10.preheader:
  %mul15 = mul nsw i64 %p.0, %lhs_col
  %invariant.gep = getelementptr float, ptr %lhs, i64 %mul15
  %mul17 = mul nsw i64 %p.0, %m
  %1 = getelementptr float, ptr %vla, i64 %mul17
  br label %for.cond10

for.cond10:
  %i.0 = phi i64 [ %inc, %for.body13 ], [ 0, %for.cond10.preheader ]
  %exitcond.not = icmp eq i64 %i.0, %smax
  br i1 %exitcond.not, label %for.cond.cleanup12, label %for.body13

for.cond.cleanup12:
  %inc21 = add nuw i64 %p.0, 1
  br label %for.cond

for.body13:
  %mul14 = mul nsw i64 %i.0, %lhs_row
  %gep = getelementptr float, ptr %invariant.gep, i64 %mul14
  %2 = load float, ptr %gep, align 4
  %arrayidx19 = getelementptr float, ptr %1, i64 %i.0
  store float %2, ptr %arrayidx19, align 4
  %inc = add nuw i64 %i.0, 1
  br label %for.cond10

for.cond23:
  %j.0 = phi i64 [ %inc43, %for.cond.cleanup30 ], [ 0, %for.cond23.preheader ]
  %exitcond177.not = icmp eq i64 %j.0, %smax176
  br i1 %exitcond177.not, label %for.cond46, label %for.cond28.preheader

for.cond28.preheader:
  %mul33 = mul nsw i64 %j.0, %rhs_col
  %invariant.gep170 = getelementptr float, ptr %rhs, i64 %mul33
  %mul36 = mul nsw i64 %j.0, %k
  %3 = getelementptr float, ptr %vla7, i64 %mul36
  br label %for.cond28

for.cond28:
  %p27.0 = phi i64 [ %inc40, %for.body31 ], [ 0, %for.cond28.preheader ]
  %exitcond175.not = icmp eq i64 %p27.0, %smax173
  br i1 %exitcond175.not, label %for.cond.cleanup30, label %for.body31

for.cond.cleanup30:
  %inc43 = add nuw i64 %j.0, 1
  br label %for.cond23

for.body31:
  %mul32 = mul nsw i64 %p27.0, %rhs_row
  %gep171 = getelementptr float, ptr %invariant.gep170, i64 %mul32
  %4 = load float, ptr %gep171, align 4
  %arrayidx38 = getelementptr float, ptr %3, i64 %p27.0
  store float %4, ptr %arrayidx38, align 4
  %inc40 = add nuw i64 %p27.0, 1
  br label %for.cond28

for.cond46:
  %j45.0 = phi i64 [ %inc114, %if.end112 ], [ 0, %for.cond23 ]
  %exitcond183.not = icmp eq i64 %j45.0, %smax176
  br i1 %exitcond183.not, label %for.cond.cleanup48, label %for.cond52

for.cond.cleanup48:
  call void @llvm.stackrestore.p0(ptr %0)
  br label %return

for.cond52:
  %i51.0 = phi i64 [ %inc58, %for.body55 ], [ 0, %for.cond46 ]
  %exitcond178.not = icmp eq i64 %i51.0, %smax
  br i1 %exitcond178.not, label %for.cond61.preheader, label %for.body55

for.cond61.preheader:
  %mul65 = mul nsw i64 %j45.0, %k
  %5 = getelementptr float, ptr %vla7, i64 %mul65
  br label %for.cond61

for.body55:
  %arrayidx56 = getelementptr inbounds nuw float, ptr %vla8, i64 %i51.0
  store float 0.000000e+00, ptr %arrayidx56, align 4
  %inc58 = add nuw i64 %i51.0, 1
  br label %for.cond52

for.cond61:
  %p60.0 = phi i64 [ %inc82, %for.cond.cleanup71 ], [ 0, %for.cond61.preheader ]
  %exitcond180.not = icmp eq i64 %p60.0, %smax173
  br i1 %exitcond180.not, label %for.cond.cleanup63, label %for.body64

for.cond.cleanup63:
  %mul50 = mul nsw i64 %j45.0, %dst_col
  %add.ptr = getelementptr inbounds float, ptr %dst, i64 %mul50
  br i1 %read, label %for.cond86, label %for.cond101

for.body64:
  %arrayidx67 = getelementptr float, ptr %5, i64 %p60.0
  %6 = load float, ptr %arrayidx67, align 4
  %mul73 = mul nsw i64 %p60.0, %m
  %7 = getelementptr float, ptr %vla, i64 %mul73
  br label %for.cond69

for.cond69:
  %i68.0 = phi i64 [ 0, %for.body64 ], [ %inc79, %for.body72 ]
  %exitcond179.not = icmp eq i64 %i68.0, %smax
  br i1 %exitcond179.not, label %for.cond.cleanup71, label %for.body72

for.cond.cleanup71:
  %inc82 = add nuw i64 %p60.0, 1
  br label %for.cond61

for.body72:
  %arrayidx75 = getelementptr float, ptr %7, i64 %i68.0
  %8 = load float, ptr %arrayidx75, align 4
  %arrayidx77 = getelementptr inbounds nuw float, ptr %vla8, i64 %i68.0
  %9 = load float, ptr %arrayidx77, align 4
  %10 = tail call float @llvm.fmuladd.f32(float %8, float %6, float %9)
  store float %10, ptr %arrayidx77, align 4
  %inc79 = add nuw i64 %i68.0, 1
  br label %for.cond69

for.cond86:
  %i85.0 = phi i64 [ %inc98, %for.body89 ], [ 0, %for.cond.cleanup63 ]
  %exitcond182.not = icmp eq i64 %i85.0, %smax
  br i1 %exitcond182.not, label %if.end112, label %for.body89

for.body89:
  %mul90 = mul nsw i64 %i85.0, %dst_row
  %arrayidx91 = getelementptr inbounds float, ptr %add.ptr, i64 %mul90
  %11 = load float, ptr %arrayidx91, align 4
  %arrayidx93 = getelementptr inbounds nuw float, ptr %vla8, i64 %i85.0
  %12 = load float, ptr %arrayidx93, align 4
  %mul94 = fmul float %beta, %12
  %13 = tail call float @llvm.fmuladd.f32(float %alpha, float %11, float %mul94)
  store float %13, ptr %arrayidx91, align 4
  %inc98 = add nuw i64 %i85.0, 1
  br label %for.cond86

for.cond101:
  %i100.0 = phi i64 [ %inc110, %for.body104 ], [ 0, %for.cond.cleanup63 ]
  %exitcond181.not = icmp eq i64 %i100.0, %smax
  br i1 %exitcond181.not, label %if.end112, label %for.body104

for.body104:
  %arrayidx105 = getelementptr inbounds nuw float, ptr %vla8, i64 %i100.0
  %14 = load float, ptr %arrayidx105, align 4
  %mul106 = fmul float %beta, %14
  %mul107 = mul nsw i64 %i100.0, %dst_row
  %arrayidx108 = getelementptr inbounds float, ptr %add.ptr, i64 %mul107
  store float %mul106, ptr %arrayidx108, align 4
  %inc110 = add nuw i64 %i100.0, 1
  br label %for.cond101

if.end112:
  %inc114 = add nuw i64 %j45.0, 1
  br label %for.cond46

return:
  ret void
}

define dso_local void @enzyme.body.product.c64(i64 noundef %m, i64 noundef %n, i64 noundef %k, ptr noalias noundef captures(none) %dst, i64 noundef %dst_col, i64 noundef %dst_row, i1 noundef zeroext %read, ptr noundef readonly captures(none) %lhs, i64 noundef %lhs_col, i64 noundef %lhs_row, ptr noundef readonly captures(none) %rhs, i64 noundef %rhs_col, i64 noundef %rhs_row, double noundef %alpha, double noundef %alpha_im, double noundef %beta, double noundef %beta_im, i1 noundef zeroext %conj_dst, i1 noundef zeroext %conj_lhs, i1 noundef zeroext %conj_rhs) local_unnamed_addr {
entry:
  %cmp = icmp eq i64 %m, 0
  %cmp4 = icmp eq i64 %n, 0
  %or.cond = or i1 %cmp, %cmp4
  br i1 %or.cond, label %return, label %if.end

if.end:
  %mul = shl i64 %m, 1
  %mul5 = mul nsw i64 %k, %mul
  %add = or disjoint i64 %mul5, 1
  %0 = tail call ptr @llvm.stacksave.p0()
  %vla = alloca double, i64 %add, align 16
  %mul6 = shl i64 %n, 1
  %mul7 = mul i64 %mul6, %k
  %add8 = or disjoint i64 %mul7, 1
  %vla9 = alloca double, i64 %add8, align 16
  %vla11 = alloca double, i64 %mul, align 16
  %smax = tail call i64 @llvm.smax.i64(i64 %m, i64 0)
  %smax269 = tail call i64 @llvm.smax.i64(i64 %k, i64 0)
  br label %for.cond

for.cond:
  %p.0 = phi i64 [ 0, %if.end ], [ %inc33, %for.cond.cleanup15 ]
  %exitcond270.not = icmp eq i64 %p.0, %smax269
  br i1 %exitcond270.not, label %for.cond35.preheader, label %for.cond13.preheader

for.cond35.preheader:
  %smax272 = tail call i64 @llvm.smax.i64(i64 %n, i64 0)
  br label %for.cond35

for.cond13.preheader:
  %mul18 = mul nsw i64 %p.0, %lhs_col
  %mul21 = mul nsw i64 %p.0, %m
  br label %for.cond13

for.cond13:
  %i.0 = phi i64 [ %inc, %for.body16 ], [ 0, %for.cond13.preheader ]
  %exitcond.not = icmp eq i64 %i.0, %smax
  br i1 %exitcond.not, label %for.cond.cleanup15, label %for.body16

for.cond.cleanup15:
  %inc33 = add nuw i64 %p.0, 1
  br label %for.cond

for.body16:
  %mul17 = mul nsw i64 %i.0, %lhs_row
  %add19 = add nsw i64 %mul17, %mul18
  %add.ptr.idx = shl nsw i64 %add19, 4
  %add.ptr = getelementptr inbounds i8, ptr %lhs, i64 %add.ptr.idx
  %1 = load double, ptr %add.ptr, align 8
  %add22 = add nsw i64 %i.0, %mul21
  %arrayidx24.idx = shl nsw i64 %add22, 4
  %arrayidx24 = getelementptr inbounds i8, ptr %vla, i64 %arrayidx24.idx
  store double %1, ptr %arrayidx24, align 16
  %arrayidx25 = getelementptr inbounds nuw i8, ptr %add.ptr, i64 8
  %2 = load double, ptr %arrayidx25, align 8
  %fneg = fneg double %2
  %cond = select i1 %conj_lhs, double %fneg, double %2
  %arrayidx31 = getelementptr i8, ptr %arrayidx24, i64 8
  store double %cond, ptr %arrayidx31, align 8
  %inc = add nuw i64 %i.0, 1
  br label %for.cond13

for.cond35:
  %j.0 = phi i64 [ %inc72, %for.cond.cleanup42 ], [ 0, %for.cond35.preheader ]
  %exitcond273.not = icmp eq i64 %j.0, %smax272
  br i1 %exitcond273.not, label %for.cond75.preheader, label %for.cond40.preheader

for.cond75.preheader:
  %smax274 = tail call i64 @llvm.smax.i64(i64 %mul, i64 0)
  %3 = insertelement <2 x double> poison, double %beta, i64 0
  %4 = shufflevector <2 x double> %3, <2 x double> poison, <2 x i32> zeroinitializer
  %5 = insertelement <2 x double> poison, double %beta_im, i64 0
  %6 = shufflevector <2 x double> %5, <2 x double> poison, <2 x i32> zeroinitializer
  %7 = insertelement <2 x double> poison, double %alpha, i64 0
  %8 = shufflevector <2 x double> %7, <2 x double> poison, <2 x i32> zeroinitializer
  %9 = insertelement <2 x double> poison, double %alpha_im, i64 0
  %10 = shufflevector <2 x double> %9, <2 x double> poison, <2 x i32> zeroinitializer
  br label %for.cond75

for.cond40.preheader:
  %mul46 = mul nsw i64 %j.0, %rhs_col
  %mul51 = mul nsw i64 %j.0, %k
  br label %for.cond40

for.cond40:
  %p39.0 = phi i64 [ %inc69, %for.body43 ], [ 0, %for.cond40.preheader ]
  %exitcond271.not = icmp eq i64 %p39.0, %smax269
  br i1 %exitcond271.not, label %for.cond.cleanup42, label %for.body43

for.cond.cleanup42:
  %inc72 = add nuw i64 %j.0, 1
  br label %for.cond35

for.body43:
  %mul45 = mul nsw i64 %p39.0, %rhs_row
  %add47 = add nsw i64 %mul45, %mul46
  %add.ptr49.idx = shl nsw i64 %add47, 4
  %add.ptr49 = getelementptr inbounds i8, ptr %rhs, i64 %add.ptr49.idx
  %11 = load double, ptr %add.ptr49, align 8
  %add52 = add nsw i64 %p39.0, %mul51
  %arrayidx54.idx = shl nsw i64 %add52, 4
  %arrayidx54 = getelementptr inbounds i8, ptr %vla9, i64 %arrayidx54.idx
  store double %11, ptr %arrayidx54, align 16
  %arrayidx57 = getelementptr inbounds nuw i8, ptr %add.ptr49, i64 8
  %12 = load double, ptr %arrayidx57, align 8
  %fneg58 = fneg double %12
  %cond62 = select i1 %conj_rhs, double %fneg58, double %12
  %arrayidx67 = getelementptr i8, ptr %arrayidx54, i64 8
  store double %cond62, ptr %arrayidx67, align 8
  %inc69 = add nuw i64 %p39.0, 1
  br label %for.cond40

for.cond75:
  %j74.0 = phi i64 [ %inc188, %for.cond.cleanup137 ], [ 0, %for.cond75.preheader ]
  %exitcond279.not = icmp eq i64 %j74.0, %smax272
  br i1 %exitcond279.not, label %for.cond.cleanup77, label %for.cond80

for.cond.cleanup77:
  call void @llvm.stackrestore.p0(ptr %0)
  br label %return

for.cond80:
  %i79.0 = phi i64 [ %inc87, %for.body84 ], [ 0, %for.cond75 ]
  %exitcond275.not = icmp eq i64 %i79.0, %smax274
  br i1 %exitcond275.not, label %for.cond90.preheader, label %for.body84

for.cond90.preheader:
  %mul94 = mul nsw i64 %j74.0, %k
  br label %for.cond90

for.body84:
  %arrayidx85 = getelementptr inbounds nuw double, ptr %vla11, i64 %i79.0
  store double 0.000000e+00, ptr %arrayidx85, align 8
  %inc87 = add nuw nsw i64 %i79.0, 1
  br label %for.cond80

for.cond90:
  %p89.0 = phi i64 [ %inc132, %for.cond.cleanup106 ], [ 0, %for.cond90.preheader ]
  %exitcond277.not = icmp eq i64 %p89.0, %smax269
  br i1 %exitcond277.not, label %for.cond135.preheader, label %for.body93

for.cond135.preheader:
  %mul140 = mul nsw i64 %j74.0, %dst_col
  br label %for.cond135

for.body93:
  %add95 = add nsw i64 %p89.0, %mul94
  %arrayidx97.idx = shl nsw i64 %add95, 4
  %arrayidx97 = getelementptr inbounds i8, ptr %vla9, i64 %arrayidx97.idx
  %arrayidx102 = getelementptr i8, ptr %arrayidx97, i64 8
  %13 = load double, ptr %arrayidx102, align 8
  %14 = load <2 x double>, ptr %arrayidx97, align 16
  %mul108 = mul nsw i64 %p89.0, %m
  %15 = fneg double %13
  %16 = shufflevector <2 x double> %14, <2 x double> poison, <2 x i32> <i32 poison, i32 0>
  %17 = insertelement <2 x double> %16, double %15, i64 0
  br label %for.cond104

for.cond104:
  %i103.0 = phi i64 [ 0, %for.body93 ], [ %inc129, %for.body107 ]
  %exitcond276.not = icmp eq i64 %i103.0, %smax
  br i1 %exitcond276.not, label %for.cond.cleanup106, label %for.body107

for.cond.cleanup106:
  %inc132 = add nuw i64 %p89.0, 1
  br label %for.cond90

for.body107:
  %add109 = add nsw i64 %i103.0, %mul108
  %arrayidx111.idx = shl nsw i64 %add109, 4
  %arrayidx111 = getelementptr inbounds i8, ptr %vla, i64 %arrayidx111.idx
  %18 = load double, ptr %arrayidx111, align 16
  %arrayidx116 = getelementptr i8, ptr %arrayidx111, i64 8
  %19 = load double, ptr %arrayidx116, align 8
  %arrayidx120.idx = shl nuw nsw i64 %i103.0, 4
  %arrayidx120 = getelementptr inbounds nuw i8, ptr %vla11, i64 %arrayidx120.idx
  %20 = insertelement <2 x double> poison, double %19, i64 0
  %21 = shufflevector <2 x double> %20, <2 x double> poison, <2 x i32> zeroinitializer
  %22 = fmul <2 x double> %21, %17
  %23 = insertelement <2 x double> poison, double %18, i64 0
  %24 = shufflevector <2 x double> %23, <2 x double> poison, <2 x i32> zeroinitializer
  %25 = tail call <2 x double> @llvm.fmuladd.v2f64(<2 x double> %24, <2 x double> %14, <2 x double> %22)
  %26 = load <2 x double>, ptr %arrayidx120, align 16
  %27 = fadd <2 x double> %26, %25
  store <2 x double> %27, ptr %arrayidx120, align 16
  %inc129 = add nuw i64 %i103.0, 1
  br label %for.cond104

for.cond135:
  %i134.0 = phi i64 [ %inc185, %if.end181 ], [ 0, %for.cond135.preheader ]
  %exitcond278.not = icmp eq i64 %i134.0, %smax
  br i1 %exitcond278.not, label %for.cond.cleanup137, label %for.body138

for.cond.cleanup137:
  %inc188 = add nuw i64 %j74.0, 1
  br label %for.cond75

for.body138:
  %mul139 = mul nsw i64 %i134.0, %dst_row
  %add141 = add nsw i64 %mul139, %mul140
  %add.ptr143.idx = shl nsw i64 %add141, 4
  %add.ptr143 = getelementptr inbounds i8, ptr %dst, i64 %add.ptr143.idx
  %arrayidx146.idx = shl nuw nsw i64 %i134.0, 4
  %arrayidx146 = getelementptr inbounds nuw i8, ptr %vla11, i64 %arrayidx146.idx
  %arrayidx150 = getelementptr inbounds nuw i8, ptr %arrayidx146, i64 8
  %28 = load double, ptr %arrayidx150, align 8
  %29 = load <2 x double>, ptr %arrayidx146, align 16
  %30 = fneg double %28
  %31 = shufflevector <2 x double> %29, <2 x double> poison, <2 x i32> <i32 poison, i32 0>
  %32 = insertelement <2 x double> %31, double %30, i64 0
  %33 = fmul <2 x double> %6, %32
  %34 = tail call <2 x double> @llvm.fmuladd.v2f64(<2 x double> %4, <2 x double> %29, <2 x double> %33)
  br i1 %read, label %if.then162, label %if.end181

if.then162:
  %35 = load double, ptr %add.ptr143, align 8
  %arrayidx168 = getelementptr inbounds nuw i8, ptr %add.ptr143, i64 8
  %36 = load double, ptr %arrayidx168, align 8
  %fneg169 = fneg double %36
  %cond173 = select i1 %conj_dst, double %fneg169, double %36
  %37 = fneg double %cond173
  %38 = insertelement <2 x double> poison, double %37, i64 0
  %39 = insertelement <2 x double> %38, double %35, i64 1
  %40 = fmul <2 x double> %10, %39
  %41 = insertelement <2 x double> poison, double %35, i64 0
  %42 = insertelement <2 x double> %41, double %cond173, i64 1
  %43 = tail call <2 x double> @llvm.fmuladd.v2f64(<2 x double> %8, <2 x double> %42, <2 x double> %40)
  %44 = fadd <2 x double> %34, %43
  br label %if.end181

if.end181:
  %45 = phi <2 x double> [ %44, %if.then162 ], [ %34, %for.body138 ]
  store <2 x double> %45, ptr %add.ptr143, align 8
  %inc185 = add nuw i64 %i134.0, 1
  br label %for.cond135

return:
  ret void
}

define dso_local void @enzyme.body.product.c32(i64 noundef %m, i64 noundef %n, i64 noundef %k, ptr noalias noundef captures(none) %dst, i64 noundef %dst_col, i64 noundef %dst_row, i1 noundef zeroext %read, ptr noundef readonly captures(none) %lhs, i64 noundef %lhs_col, i64 noundef %lhs_row, ptr noundef readonly captures(none) %rhs, i64 noundef %rhs_col, i64 noundef %rhs_row, float noundef %alpha, float noundef %alpha_im, float noundef %beta, float noundef %beta_im, i1 noundef zeroext %conj_dst, i1 noundef zeroext %conj_lhs, i1 noundef zeroext %conj_rhs) local_unnamed_addr {
entry:
  %cmp = icmp eq i64 %m, 0
  %cmp4 = icmp eq i64 %n, 0
  %or.cond = or i1 %cmp, %cmp4
  br i1 %or.cond, label %return, label %if.end

if.end:
  %mul = shl i64 %m, 1
  %mul5 = mul nsw i64 %k, %mul
  %add = or disjoint i64 %mul5, 1
  %0 = tail call ptr @llvm.stacksave.p0()
  %vla = alloca float, i64 %add, align 16
  %mul6 = shl i64 %n, 1
  %mul7 = mul i64 %mul6, %k
  %add8 = or disjoint i64 %mul7, 1
  %vla9 = alloca float, i64 %add8, align 16
  %vla11 = alloca float, i64 %mul, align 16
  %smax = tail call i64 @llvm.smax.i64(i64 %m, i64 0)
  %smax269 = tail call i64 @llvm.smax.i64(i64 %k, i64 0)
  br label %for.cond

for.cond:
  %p.0 = phi i64 [ 0, %if.end ], [ %inc33, %for.cond.cleanup15 ]
  %exitcond270.not = icmp eq i64 %p.0, %smax269
  br i1 %exitcond270.not, label %for.cond35.preheader, label %for.cond13.preheader

for.cond35.preheader:
  %smax272 = tail call i64 @llvm.smax.i64(i64 %n, i64 0)
  br label %for.cond35

for.cond13.preheader:
  %mul18 = mul nsw i64 %p.0, %lhs_col
  %mul21 = mul nsw i64 %p.0, %m
  br label %for.cond13

for.cond13:
  %i.0 = phi i64 [ %inc, %for.body16 ], [ 0, %for.cond13.preheader ]
  %exitcond.not = icmp eq i64 %i.0, %smax
  br i1 %exitcond.not, label %for.cond.cleanup15, label %for.body16

for.cond.cleanup15:
  %inc33 = add nuw i64 %p.0, 1
  br label %for.cond

for.body16:
  %mul17 = mul nsw i64 %i.0, %lhs_row
  %add19 = add nsw i64 %mul17, %mul18
  %add.ptr.idx = shl nsw i64 %add19, 3
  %add.ptr = getelementptr inbounds i8, ptr %lhs, i64 %add.ptr.idx
  %1 = load float, ptr %add.ptr, align 4
  %add22 = add nsw i64 %i.0, %mul21
  %arrayidx24.idx = shl nsw i64 %add22, 3
  %arrayidx24 = getelementptr inbounds i8, ptr %vla, i64 %arrayidx24.idx
  store float %1, ptr %arrayidx24, align 8
  %arrayidx25 = getelementptr inbounds nuw i8, ptr %add.ptr, i64 4
  %2 = load float, ptr %arrayidx25, align 4
  %fneg = fneg float %2
  %cond = select i1 %conj_lhs, float %fneg, float %2
  %arrayidx31 = getelementptr i8, ptr %arrayidx24, i64 4
  store float %cond, ptr %arrayidx31, align 4
  %inc = add nuw i64 %i.0, 1
  br label %for.cond13

for.cond35:
  %j.0 = phi i64 [ %inc72, %for.cond.cleanup42 ], [ 0, %for.cond35.preheader ]
  %exitcond273.not = icmp eq i64 %j.0, %smax272
  br i1 %exitcond273.not, label %for.cond75.preheader, label %for.cond40.preheader

for.cond75.preheader:
  %smax274 = tail call i64 @llvm.smax.i64(i64 %mul, i64 0)
  %3 = insertelement <2 x float> poison, float %beta, i64 0
  %4 = shufflevector <2 x float> %3, <2 x float> poison, <2 x i32> zeroinitializer
  %5 = insertelement <2 x float> poison, float %beta_im, i64 0
  %6 = shufflevector <2 x float> %5, <2 x float> poison, <2 x i32> zeroinitializer
  %7 = insertelement <2 x float> poison, float %alpha, i64 0
  %8 = shufflevector <2 x float> %7, <2 x float> poison, <2 x i32> zeroinitializer
  %9 = insertelement <2 x float> poison, float %alpha_im, i64 0
  %10 = shufflevector <2 x float> %9, <2 x float> poison, <2 x i32> zeroinitializer
  br label %for.cond75

for.cond40.preheader:
  %mul46 = mul nsw i64 %j.0, %rhs_col
  %mul51 = mul nsw i64 %j.0, %k
  br label %for.cond40

for.cond40:
  %p39.0 = phi i64 [ %inc69, %for.body43 ], [ 0, %for.cond40.preheader ]
  %exitcond271.not = icmp eq i64 %p39.0, %smax269
  br i1 %exitcond271.not, label %for.cond.cleanup42, label %for.body43

for.cond.cleanup42:
  %inc72 = add nuw i64 %j.0, 1
  br label %for.cond35

for.body43:
  %mul45 = mul nsw i64 %p39.0, %rhs_row
  %add47 = add nsw i64 %mul45, %mul46
  %add.ptr49.idx = shl nsw i64 %add47, 3
  %add.ptr49 = getelementptr inbounds i8, ptr %rhs, i64 %add.ptr49.idx
  %11 = load float, ptr %add.ptr49, align 4
  %add52 = add nsw i64 %p39.0, %mul51
  %arrayidx54.idx = shl nsw i64 %add52, 3
  %arrayidx54 = getelementptr inbounds i8, ptr %vla9, i64 %arrayidx54.idx
  store float %11, ptr %arrayidx54, align 8
  %arrayidx57 = getelementptr inbounds nuw i8, ptr %add.ptr49, i64 4
  %12 = load float, ptr %arrayidx57, align 4
  %fneg58 = fneg float %12
  %cond62 = select i1 %conj_rhs, float %fneg58, float %12
  %arrayidx67 = getelementptr i8, ptr %arrayidx54, i64 4
  store float %cond62, ptr %arrayidx67, align 4
  %inc69 = add nuw i64 %p39.0, 1
  br label %for.cond40

for.cond75:
  %j74.0 = phi i64 [ %inc188, %for.cond.cleanup137 ], [ 0, %for.cond75.preheader ]
  %exitcond279.not = icmp eq i64 %j74.0, %smax272
  br i1 %exitcond279.not, label %for.cond.cleanup77, label %for.cond80

for.cond.cleanup77:
  call void @llvm.stackrestore.p0(ptr %0)
  br label %return

for.cond80:
  %i79.0 = phi i64 [ %inc87, %for.body84 ], [ 0, %for.cond75 ]
  %exitcond275.not = icmp eq i64 %i79.0, %smax274
  br i1 %exitcond275.not, label %for.cond90.preheader, label %for.body84

for.cond90.preheader:
  %mul94 = mul nsw i64 %j74.0, %k
  br label %for.cond90

for.body84:
  %arrayidx85 = getelementptr inbounds nuw float, ptr %vla11, i64 %i79.0
  store float 0.000000e+00, ptr %arrayidx85, align 4
  %inc87 = add nuw nsw i64 %i79.0, 1
  br label %for.cond80

for.cond90:
  %p89.0 = phi i64 [ %inc132, %for.cond.cleanup106 ], [ 0, %for.cond90.preheader ]
  %exitcond277.not = icmp eq i64 %p89.0, %smax269
  br i1 %exitcond277.not, label %for.cond135.preheader, label %for.body93

for.cond135.preheader:
  %mul140 = mul nsw i64 %j74.0, %dst_col
  br label %for.cond135

for.body93:
  %add95 = add nsw i64 %p89.0, %mul94
  %arrayidx97.idx = shl nsw i64 %add95, 3
  %arrayidx97 = getelementptr inbounds i8, ptr %vla9, i64 %arrayidx97.idx
  %arrayidx102 = getelementptr i8, ptr %arrayidx97, i64 4
  %13 = load float, ptr %arrayidx102, align 4
  %14 = load <2 x float>, ptr %arrayidx97, align 8
  %mul108 = mul nsw i64 %p89.0, %m
  %15 = fneg float %13
  %16 = shufflevector <2 x float> %14, <2 x float> poison, <2 x i32> <i32 poison, i32 0>
  %17 = insertelement <2 x float> %16, float %15, i64 0
  br label %for.cond104

for.cond104:
  %i103.0 = phi i64 [ 0, %for.body93 ], [ %inc129, %for.body107 ]
  %exitcond276.not = icmp eq i64 %i103.0, %smax
  br i1 %exitcond276.not, label %for.cond.cleanup106, label %for.body107

for.cond.cleanup106:
  %inc132 = add nuw i64 %p89.0, 1
  br label %for.cond90

for.body107:
  %add109 = add nsw i64 %i103.0, %mul108
  %arrayidx111.idx = shl nsw i64 %add109, 3
  %arrayidx111 = getelementptr inbounds i8, ptr %vla, i64 %arrayidx111.idx
  %18 = load float, ptr %arrayidx111, align 8
  %arrayidx116 = getelementptr i8, ptr %arrayidx111, i64 4
  %19 = load float, ptr %arrayidx116, align 4
  %arrayidx120.idx = shl nuw nsw i64 %i103.0, 3
  %arrayidx120 = getelementptr inbounds nuw i8, ptr %vla11, i64 %arrayidx120.idx
  %20 = insertelement <2 x float> poison, float %19, i64 0
  %21 = shufflevector <2 x float> %20, <2 x float> poison, <2 x i32> zeroinitializer
  %22 = fmul <2 x float> %21, %17
  %23 = insertelement <2 x float> poison, float %18, i64 0
  %24 = shufflevector <2 x float> %23, <2 x float> poison, <2 x i32> zeroinitializer
  %25 = tail call <2 x float> @llvm.fmuladd.v2f32(<2 x float> %24, <2 x float> %14, <2 x float> %22)
  %26 = load <2 x float>, ptr %arrayidx120, align 8
  %27 = fadd <2 x float> %26, %25
  store <2 x float> %27, ptr %arrayidx120, align 8
  %inc129 = add nuw i64 %i103.0, 1
  br label %for.cond104

for.cond135:
  %i134.0 = phi i64 [ %inc185, %if.end181 ], [ 0, %for.cond135.preheader ]
  %exitcond278.not = icmp eq i64 %i134.0, %smax
  br i1 %exitcond278.not, label %for.cond.cleanup137, label %for.body138

for.cond.cleanup137:
  %inc188 = add nuw i64 %j74.0, 1
  br label %for.cond75

for.body138:
  %mul139 = mul nsw i64 %i134.0, %dst_row
  %add141 = add nsw i64 %mul139, %mul140
  %add.ptr143.idx = shl nsw i64 %add141, 3
  %add.ptr143 = getelementptr inbounds i8, ptr %dst, i64 %add.ptr143.idx
  %arrayidx146.idx = shl nuw nsw i64 %i134.0, 3
  %arrayidx146 = getelementptr inbounds nuw i8, ptr %vla11, i64 %arrayidx146.idx
  %arrayidx150 = getelementptr inbounds nuw i8, ptr %arrayidx146, i64 4
  %28 = load float, ptr %arrayidx150, align 4
  %29 = load <2 x float>, ptr %arrayidx146, align 8
  %30 = fneg float %28
  %31 = shufflevector <2 x float> %29, <2 x float> poison, <2 x i32> <i32 poison, i32 0>
  %32 = insertelement <2 x float> %31, float %30, i64 0
  %33 = fmul <2 x float> %6, %32
  %34 = tail call <2 x float> @llvm.fmuladd.v2f32(<2 x float> %4, <2 x float> %29, <2 x float> %33)
  br i1 %read, label %if.then162, label %if.end181

if.then162:
  %35 = load float, ptr %add.ptr143, align 4
  %arrayidx168 = getelementptr inbounds nuw i8, ptr %add.ptr143, i64 4
  %36 = load float, ptr %arrayidx168, align 4
  %fneg169 = fneg float %36
  %cond173 = select i1 %conj_dst, float %fneg169, float %36
  %37 = fneg float %cond173
  %38 = insertelement <2 x float> poison, float %37, i64 0
  %39 = insertelement <2 x float> %38, float %35, i64 1
  %40 = fmul <2 x float> %10, %39
  %41 = insertelement <2 x float> poison, float %35, i64 0
  %42 = insertelement <2 x float> %41, float %cond173, i64 1
  %43 = tail call <2 x float> @llvm.fmuladd.v2f32(<2 x float> %8, <2 x float> %42, <2 x float> %40)
  %44 = fadd <2 x float> %34, %43
  br label %if.end181

if.end181:
  %45 = phi <2 x float> [ %44, %if.then162 ], [ %34, %for.body138 ]
  store <2 x float> %45, ptr %add.ptr143, align 4
  %inc185 = add nuw i64 %i134.0, 1
  br label %for.cond135

return:
  ret void
}

define dso_local void @enzyme.body.product.c64_on_threads(i64 noundef %m, i64 noundef %n, i64 noundef %k, ptr noalias noundef captures(none) %dst, i64 noundef %dst_col, i64 noundef %dst_row, i1 noundef zeroext %read, ptr noundef readonly captures(none) %lhs, i64 noundef %lhs_col, i64 noundef %lhs_row, ptr noundef readonly captures(none) %rhs, i64 noundef %rhs_col, i64 noundef %rhs_row, double noundef %alpha, double noundef %alpha_im, double noundef %beta, double noundef %beta_im, i1 noundef zeroext %conj_dst, i1 noundef zeroext %conj_lhs, i1 noundef zeroext %conj_rhs, i64 noundef %several, i64 noundef %threads) local_unnamed_addr {
entry:
  %cmp = icmp eq i64 %m, 0
  %cmp4 = icmp eq i64 %n, 0
  %or.cond = or i1 %cmp, %cmp4
  br i1 %or.cond, label %return, label %if.end

if.end:
  %mul = shl i64 %m, 1
  %mul5 = mul nsw i64 %k, %mul
  %add = or disjoint i64 %mul5, 1
  %0 = tail call ptr @llvm.stacksave.p0()
  %vla = alloca double, i64 %add, align 16
  %mul6 = shl i64 %n, 1
  %mul7 = mul i64 %mul6, %k
  %add8 = or disjoint i64 %mul7, 1
  %vla9 = alloca double, i64 %add8, align 16
  %vla11 = alloca double, i64 %mul, align 16
  %smax = tail call i64 @llvm.smax.i64(i64 %m, i64 0)
  %smax269 = tail call i64 @llvm.smax.i64(i64 %k, i64 0)
  br label %for.cond

for.cond:
  %p.0 = phi i64 [ 0, %if.end ], [ %inc33, %for.cond.cleanup15 ]
  %exitcond270.not = icmp eq i64 %p.0, %smax269
  br i1 %exitcond270.not, label %for.cond35.preheader, label %for.cond13.preheader

for.cond35.preheader:
  %smax272 = tail call i64 @llvm.smax.i64(i64 %n, i64 0)
  br label %for.cond35

for.cond13.preheader:
  %mul18 = mul nsw i64 %p.0, %lhs_col
  %mul21 = mul nsw i64 %p.0, %m
  br label %for.cond13

for.cond13:
  %i.0 = phi i64 [ %inc, %for.body16 ], [ 0, %for.cond13.preheader ]
  %exitcond.not = icmp eq i64 %i.0, %smax
  br i1 %exitcond.not, label %for.cond.cleanup15, label %for.body16

for.cond.cleanup15:
  %inc33 = add nuw i64 %p.0, 1
  br label %for.cond

for.body16:
  %mul17 = mul nsw i64 %i.0, %lhs_row
  %add19 = add nsw i64 %mul17, %mul18
  %add.ptr.idx = shl nsw i64 %add19, 4
  %add.ptr = getelementptr inbounds i8, ptr %lhs, i64 %add.ptr.idx
  %1 = load double, ptr %add.ptr, align 8
  %add22 = add nsw i64 %i.0, %mul21
  %arrayidx24.idx = shl nsw i64 %add22, 4
  %arrayidx24 = getelementptr inbounds i8, ptr %vla, i64 %arrayidx24.idx
  store double %1, ptr %arrayidx24, align 16
  %arrayidx25 = getelementptr inbounds nuw i8, ptr %add.ptr, i64 8
  %2 = load double, ptr %arrayidx25, align 8
  %fneg = fneg double %2
  %cond = select i1 %conj_lhs, double %fneg, double %2
  %arrayidx31 = getelementptr i8, ptr %arrayidx24, i64 8
  store double %cond, ptr %arrayidx31, align 8
  %inc = add nuw i64 %i.0, 1
  br label %for.cond13

for.cond35:
  %j.0 = phi i64 [ %inc72, %for.cond.cleanup42 ], [ 0, %for.cond35.preheader ]
  %exitcond273.not = icmp eq i64 %j.0, %smax272
  br i1 %exitcond273.not, label %for.cond75.preheader, label %for.cond40.preheader

for.cond75.preheader:
  %smax274 = tail call i64 @llvm.smax.i64(i64 %mul, i64 0)
  %3 = insertelement <2 x double> poison, double %beta, i64 0
  %4 = shufflevector <2 x double> %3, <2 x double> poison, <2 x i32> zeroinitializer
  %5 = insertelement <2 x double> poison, double %beta_im, i64 0
  %6 = shufflevector <2 x double> %5, <2 x double> poison, <2 x i32> zeroinitializer
  %7 = insertelement <2 x double> poison, double %alpha, i64 0
  %8 = shufflevector <2 x double> %7, <2 x double> poison, <2 x i32> zeroinitializer
  %9 = insertelement <2 x double> poison, double %alpha_im, i64 0
  %10 = shufflevector <2 x double> %9, <2 x double> poison, <2 x i32> zeroinitializer
  br label %for.cond75

for.cond40.preheader:
  %mul46 = mul nsw i64 %j.0, %rhs_col
  %mul51 = mul nsw i64 %j.0, %k
  br label %for.cond40

for.cond40:
  %p39.0 = phi i64 [ %inc69, %for.body43 ], [ 0, %for.cond40.preheader ]
  %exitcond271.not = icmp eq i64 %p39.0, %smax269
  br i1 %exitcond271.not, label %for.cond.cleanup42, label %for.body43

for.cond.cleanup42:
  %inc72 = add nuw i64 %j.0, 1
  br label %for.cond35

for.body43:
  %mul45 = mul nsw i64 %p39.0, %rhs_row
  %add47 = add nsw i64 %mul45, %mul46
  %add.ptr49.idx = shl nsw i64 %add47, 4
  %add.ptr49 = getelementptr inbounds i8, ptr %rhs, i64 %add.ptr49.idx
  %11 = load double, ptr %add.ptr49, align 8
  %add52 = add nsw i64 %p39.0, %mul51
  %arrayidx54.idx = shl nsw i64 %add52, 4
  %arrayidx54 = getelementptr inbounds i8, ptr %vla9, i64 %arrayidx54.idx
  store double %11, ptr %arrayidx54, align 16
  %arrayidx57 = getelementptr inbounds nuw i8, ptr %add.ptr49, i64 8
  %12 = load double, ptr %arrayidx57, align 8
  %fneg58 = fneg double %12
  %cond62 = select i1 %conj_rhs, double %fneg58, double %12
  %arrayidx67 = getelementptr i8, ptr %arrayidx54, i64 8
  store double %cond62, ptr %arrayidx67, align 8
  %inc69 = add nuw i64 %p39.0, 1
  br label %for.cond40

for.cond75:
  %j74.0 = phi i64 [ %inc188, %for.cond.cleanup137 ], [ 0, %for.cond75.preheader ]
  %exitcond279.not = icmp eq i64 %j74.0, %smax272
  br i1 %exitcond279.not, label %for.cond.cleanup77, label %for.cond80

for.cond.cleanup77:
  call void @llvm.stackrestore.p0(ptr %0)
  br label %return

for.cond80:
  %i79.0 = phi i64 [ %inc87, %for.body84 ], [ 0, %for.cond75 ]
  %exitcond275.not = icmp eq i64 %i79.0, %smax274
  br i1 %exitcond275.not, label %for.cond90.preheader, label %for.body84

for.cond90.preheader:
  %mul94 = mul nsw i64 %j74.0, %k
  br label %for.cond90

for.body84:
  %arrayidx85 = getelementptr inbounds nuw double, ptr %vla11, i64 %i79.0
  store double 0.000000e+00, ptr %arrayidx85, align 8
  %inc87 = add nuw nsw i64 %i79.0, 1
  br label %for.cond80

for.cond90:
  %p89.0 = phi i64 [ %inc132, %for.cond.cleanup106 ], [ 0, %for.cond90.preheader ]
  %exitcond277.not = icmp eq i64 %p89.0, %smax269
  br i1 %exitcond277.not, label %for.cond135.preheader, label %for.body93

for.cond135.preheader:
  %mul140 = mul nsw i64 %j74.0, %dst_col
  br label %for.cond135

for.body93:
  %add95 = add nsw i64 %p89.0, %mul94
  %arrayidx97.idx = shl nsw i64 %add95, 4
  %arrayidx97 = getelementptr inbounds i8, ptr %vla9, i64 %arrayidx97.idx
  %arrayidx102 = getelementptr i8, ptr %arrayidx97, i64 8
  %13 = load double, ptr %arrayidx102, align 8
  %14 = load <2 x double>, ptr %arrayidx97, align 16
  %mul108 = mul nsw i64 %p89.0, %m
  %15 = fneg double %13
  %16 = shufflevector <2 x double> %14, <2 x double> poison, <2 x i32> <i32 poison, i32 0>
  %17 = insertelement <2 x double> %16, double %15, i64 0
  br label %for.cond104

for.cond104:
  %i103.0 = phi i64 [ 0, %for.body93 ], [ %inc129, %for.body107 ]
  %exitcond276.not = icmp eq i64 %i103.0, %smax
  br i1 %exitcond276.not, label %for.cond.cleanup106, label %for.body107

for.cond.cleanup106:
  %inc132 = add nuw i64 %p89.0, 1
  br label %for.cond90

for.body107:
  %add109 = add nsw i64 %i103.0, %mul108
  %arrayidx111.idx = shl nsw i64 %add109, 4
  %arrayidx111 = getelementptr inbounds i8, ptr %vla, i64 %arrayidx111.idx
  %18 = load double, ptr %arrayidx111, align 16
  %arrayidx116 = getelementptr i8, ptr %arrayidx111, i64 8
  %19 = load double, ptr %arrayidx116, align 8
  %arrayidx120.idx = shl nuw nsw i64 %i103.0, 4
  %arrayidx120 = getelementptr inbounds nuw i8, ptr %vla11, i64 %arrayidx120.idx
  %20 = insertelement <2 x double> poison, double %19, i64 0
  %21 = shufflevector <2 x double> %20, <2 x double> poison, <2 x i32> zeroinitializer
  %22 = fmul <2 x double> %21, %17
  %23 = insertelement <2 x double> poison, double %18, i64 0
  %24 = shufflevector <2 x double> %23, <2 x double> poison, <2 x i32> zeroinitializer
  %25 = tail call <2 x double> @llvm.fmuladd.v2f64(<2 x double> %24, <2 x double> %14, <2 x double> %22)
  %26 = load <2 x double>, ptr %arrayidx120, align 16
  %27 = fadd <2 x double> %26, %25
  store <2 x double> %27, ptr %arrayidx120, align 16
  %inc129 = add nuw i64 %i103.0, 1
  br label %for.cond104

for.cond135:
  %i134.0 = phi i64 [ %inc185, %if.end181 ], [ 0, %for.cond135.preheader ]
  %exitcond278.not = icmp eq i64 %i134.0, %smax
  br i1 %exitcond278.not, label %for.cond.cleanup137, label %for.body138

for.cond.cleanup137:
  %inc188 = add nuw i64 %j74.0, 1
  br label %for.cond75

for.body138:
  %mul139 = mul nsw i64 %i134.0, %dst_row
  %add141 = add nsw i64 %mul139, %mul140
  %add.ptr143.idx = shl nsw i64 %add141, 4
  %add.ptr143 = getelementptr inbounds i8, ptr %dst, i64 %add.ptr143.idx
  %arrayidx146.idx = shl nuw nsw i64 %i134.0, 4
  %arrayidx146 = getelementptr inbounds nuw i8, ptr %vla11, i64 %arrayidx146.idx
  %arrayidx150 = getelementptr inbounds nuw i8, ptr %arrayidx146, i64 8
  %28 = load double, ptr %arrayidx150, align 8
  %29 = load <2 x double>, ptr %arrayidx146, align 16
  %30 = fneg double %28
  %31 = shufflevector <2 x double> %29, <2 x double> poison, <2 x i32> <i32 poison, i32 0>
  %32 = insertelement <2 x double> %31, double %30, i64 0
  %33 = fmul <2 x double> %6, %32
  %34 = tail call <2 x double> @llvm.fmuladd.v2f64(<2 x double> %4, <2 x double> %29, <2 x double> %33)
  br i1 %read, label %if.then162, label %if.end181

if.then162:
  %35 = load double, ptr %add.ptr143, align 8
  %arrayidx168 = getelementptr inbounds nuw i8, ptr %add.ptr143, i64 8
  %36 = load double, ptr %arrayidx168, align 8
  %fneg169 = fneg double %36
  %cond173 = select i1 %conj_dst, double %fneg169, double %36
  %37 = fneg double %cond173
  %38 = insertelement <2 x double> poison, double %37, i64 0
  %39 = insertelement <2 x double> %38, double %35, i64 1
  %40 = fmul <2 x double> %10, %39
  %41 = insertelement <2 x double> poison, double %35, i64 0
  %42 = insertelement <2 x double> %41, double %cond173, i64 1
  %43 = tail call <2 x double> @llvm.fmuladd.v2f64(<2 x double> %8, <2 x double> %42, <2 x double> %40)
  %44 = fadd <2 x double> %34, %43
  br label %if.end181

if.end181:
  %45 = phi <2 x double> [ %44, %if.then162 ], [ %34, %for.body138 ]
  store <2 x double> %45, ptr %add.ptr143, align 8
  %inc185 = add nuw i64 %i134.0, 1
  br label %for.cond135

return:
  ret void
}

define dso_local void @enzyme.body.product.c32_on_threads(i64 noundef %m, i64 noundef %n, i64 noundef %k, ptr noalias noundef captures(none) %dst, i64 noundef %dst_col, i64 noundef %dst_row, i1 noundef zeroext %read, ptr noundef readonly captures(none) %lhs, i64 noundef %lhs_col, i64 noundef %lhs_row, ptr noundef readonly captures(none) %rhs, i64 noundef %rhs_col, i64 noundef %rhs_row, float noundef %alpha, float noundef %alpha_im, float noundef %beta, float noundef %beta_im, i1 noundef zeroext %conj_dst, i1 noundef zeroext %conj_lhs, i1 noundef zeroext %conj_rhs, i64 noundef %several, i64 noundef %threads) local_unnamed_addr {
entry:
  %cmp = icmp eq i64 %m, 0
  %cmp4 = icmp eq i64 %n, 0
  %or.cond = or i1 %cmp, %cmp4
  br i1 %or.cond, label %return, label %if.end

if.end:
  %mul = shl i64 %m, 1
  %mul5 = mul nsw i64 %k, %mul
  %add = or disjoint i64 %mul5, 1
  %0 = tail call ptr @llvm.stacksave.p0()
  %vla = alloca float, i64 %add, align 16
  %mul6 = shl i64 %n, 1
  %mul7 = mul i64 %mul6, %k
  %add8 = or disjoint i64 %mul7, 1
  %vla9 = alloca float, i64 %add8, align 16
  %vla11 = alloca float, i64 %mul, align 16
  %smax = tail call i64 @llvm.smax.i64(i64 %m, i64 0)
  %smax269 = tail call i64 @llvm.smax.i64(i64 %k, i64 0)
  br label %for.cond

for.cond:
  %p.0 = phi i64 [ 0, %if.end ], [ %inc33, %for.cond.cleanup15 ]
  %exitcond270.not = icmp eq i64 %p.0, %smax269
  br i1 %exitcond270.not, label %for.cond35.preheader, label %for.cond13.preheader

for.cond35.preheader:
  %smax272 = tail call i64 @llvm.smax.i64(i64 %n, i64 0)
  br label %for.cond35

for.cond13.preheader:
  %mul18 = mul nsw i64 %p.0, %lhs_col
  %mul21 = mul nsw i64 %p.0, %m
  br label %for.cond13

for.cond13:
  %i.0 = phi i64 [ %inc, %for.body16 ], [ 0, %for.cond13.preheader ]
  %exitcond.not = icmp eq i64 %i.0, %smax
  br i1 %exitcond.not, label %for.cond.cleanup15, label %for.body16

for.cond.cleanup15:
  %inc33 = add nuw i64 %p.0, 1
  br label %for.cond

for.body16:
  %mul17 = mul nsw i64 %i.0, %lhs_row
  %add19 = add nsw i64 %mul17, %mul18
  %add.ptr.idx = shl nsw i64 %add19, 3
  %add.ptr = getelementptr inbounds i8, ptr %lhs, i64 %add.ptr.idx
  %1 = load float, ptr %add.ptr, align 4
  %add22 = add nsw i64 %i.0, %mul21
  %arrayidx24.idx = shl nsw i64 %add22, 3
  %arrayidx24 = getelementptr inbounds i8, ptr %vla, i64 %arrayidx24.idx
  store float %1, ptr %arrayidx24, align 8
  %arrayidx25 = getelementptr inbounds nuw i8, ptr %add.ptr, i64 4
  %2 = load float, ptr %arrayidx25, align 4
  %fneg = fneg float %2
  %cond = select i1 %conj_lhs, float %fneg, float %2
  %arrayidx31 = getelementptr i8, ptr %arrayidx24, i64 4
  store float %cond, ptr %arrayidx31, align 4
  %inc = add nuw i64 %i.0, 1
  br label %for.cond13

for.cond35:
  %j.0 = phi i64 [ %inc72, %for.cond.cleanup42 ], [ 0, %for.cond35.preheader ]
  %exitcond273.not = icmp eq i64 %j.0, %smax272
  br i1 %exitcond273.not, label %for.cond75.preheader, label %for.cond40.preheader

for.cond75.preheader:
  %smax274 = tail call i64 @llvm.smax.i64(i64 %mul, i64 0)
  %3 = insertelement <2 x float> poison, float %beta, i64 0
  %4 = shufflevector <2 x float> %3, <2 x float> poison, <2 x i32> zeroinitializer
  %5 = insertelement <2 x float> poison, float %beta_im, i64 0
  %6 = shufflevector <2 x float> %5, <2 x float> poison, <2 x i32> zeroinitializer
  %7 = insertelement <2 x float> poison, float %alpha, i64 0
  %8 = shufflevector <2 x float> %7, <2 x float> poison, <2 x i32> zeroinitializer
  %9 = insertelement <2 x float> poison, float %alpha_im, i64 0
  %10 = shufflevector <2 x float> %9, <2 x float> poison, <2 x i32> zeroinitializer
  br label %for.cond75

for.cond40.preheader:
  %mul46 = mul nsw i64 %j.0, %rhs_col
  %mul51 = mul nsw i64 %j.0, %k
  br label %for.cond40

for.cond40:
  %p39.0 = phi i64 [ %inc69, %for.body43 ], [ 0, %for.cond40.preheader ]
  %exitcond271.not = icmp eq i64 %p39.0, %smax269
  br i1 %exitcond271.not, label %for.cond.cleanup42, label %for.body43

for.cond.cleanup42:
  %inc72 = add nuw i64 %j.0, 1
  br label %for.cond35

for.body43:
  %mul45 = mul nsw i64 %p39.0, %rhs_row
  %add47 = add nsw i64 %mul45, %mul46
  %add.ptr49.idx = shl nsw i64 %add47, 3
  %add.ptr49 = getelementptr inbounds i8, ptr %rhs, i64 %add.ptr49.idx
  %11 = load float, ptr %add.ptr49, align 4
  %add52 = add nsw i64 %p39.0, %mul51
  %arrayidx54.idx = shl nsw i64 %add52, 3
  %arrayidx54 = getelementptr inbounds i8, ptr %vla9, i64 %arrayidx54.idx
  store float %11, ptr %arrayidx54, align 8
  %arrayidx57 = getelementptr inbounds nuw i8, ptr %add.ptr49, i64 4
  %12 = load float, ptr %arrayidx57, align 4
  %fneg58 = fneg float %12
  %cond62 = select i1 %conj_rhs, float %fneg58, float %12
  %arrayidx67 = getelementptr i8, ptr %arrayidx54, i64 4
  store float %cond62, ptr %arrayidx67, align 4
  %inc69 = add nuw i64 %p39.0, 1
  br label %for.cond40

for.cond75:
  %j74.0 = phi i64 [ %inc188, %for.cond.cleanup137 ], [ 0, %for.cond75.preheader ]
  %exitcond279.not = icmp eq i64 %j74.0, %smax272
  br i1 %exitcond279.not, label %for.cond.cleanup77, label %for.cond80

for.cond.cleanup77:
  call void @llvm.stackrestore.p0(ptr %0)
  br label %return

for.cond80:
  %i79.0 = phi i64 [ %inc87, %for.body84 ], [ 0, %for.cond75 ]
  %exitcond275.not = icmp eq i64 %i79.0, %smax274
  br i1 %exitcond275.not, label %for.cond90.preheader, label %for.body84

for.cond90.preheader:
  %mul94 = mul nsw i64 %j74.0, %k
  br label %for.cond90

for.body84:
  %arrayidx85 = getelementptr inbounds nuw float, ptr %vla11, i64 %i79.0
  store float 0.000000e+00, ptr %arrayidx85, align 4
  %inc87 = add nuw nsw i64 %i79.0, 1
  br label %for.cond80

for.cond90:
  %p89.0 = phi i64 [ %inc132, %for.cond.cleanup106 ], [ 0, %for.cond90.preheader ]
  %exitcond277.not = icmp eq i64 %p89.0, %smax269
  br i1 %exitcond277.not, label %for.cond135.preheader, label %for.body93

for.cond135.preheader:
  %mul140 = mul nsw i64 %j74.0, %dst_col
  br label %for.cond135

for.body93:
  %add95 = add nsw i64 %p89.0, %mul94
  %arrayidx97.idx = shl nsw i64 %add95, 3
  %arrayidx97 = getelementptr inbounds i8, ptr %vla9, i64 %arrayidx97.idx
  %arrayidx102 = getelementptr i8, ptr %arrayidx97, i64 4
  %13 = load float, ptr %arrayidx102, align 4
  %14 = load <2 x float>, ptr %arrayidx97, align 8
  %mul108 = mul nsw i64 %p89.0, %m
  %15 = fneg float %13
  %16 = shufflevector <2 x float> %14, <2 x float> poison, <2 x i32> <i32 poison, i32 0>
  %17 = insertelement <2 x float> %16, float %15, i64 0
  br label %for.cond104

for.cond104:
  %i103.0 = phi i64 [ 0, %for.body93 ], [ %inc129, %for.body107 ]
  %exitcond276.not = icmp eq i64 %i103.0, %smax
  br i1 %exitcond276.not, label %for.cond.cleanup106, label %for.body107

for.cond.cleanup106:
  %inc132 = add nuw i64 %p89.0, 1
  br label %for.cond90

for.body107:
  %add109 = add nsw i64 %i103.0, %mul108
  %arrayidx111.idx = shl nsw i64 %add109, 3
  %arrayidx111 = getelementptr inbounds i8, ptr %vla, i64 %arrayidx111.idx
  %18 = load float, ptr %arrayidx111, align 8
  %arrayidx116 = getelementptr i8, ptr %arrayidx111, i64 4
  %19 = load float, ptr %arrayidx116, align 4
  %arrayidx120.idx = shl nuw nsw i64 %i103.0, 3
  %arrayidx120 = getelementptr inbounds nuw i8, ptr %vla11, i64 %arrayidx120.idx
  %20 = insertelement <2 x float> poison, float %19, i64 0
  %21 = shufflevector <2 x float> %20, <2 x float> poison, <2 x i32> zeroinitializer
  %22 = fmul <2 x float> %21, %17
  %23 = insertelement <2 x float> poison, float %18, i64 0
  %24 = shufflevector <2 x float> %23, <2 x float> poison, <2 x i32> zeroinitializer
  %25 = tail call <2 x float> @llvm.fmuladd.v2f32(<2 x float> %24, <2 x float> %14, <2 x float> %22)
  %26 = load <2 x float>, ptr %arrayidx120, align 8
  %27 = fadd <2 x float> %26, %25
  store <2 x float> %27, ptr %arrayidx120, align 8
  %inc129 = add nuw i64 %i103.0, 1
  br label %for.cond104

for.cond135:
  %i134.0 = phi i64 [ %inc185, %if.end181 ], [ 0, %for.cond135.preheader ]
  %exitcond278.not = icmp eq i64 %i134.0, %smax
  br i1 %exitcond278.not, label %for.cond.cleanup137, label %for.body138

for.cond.cleanup137:
  %inc188 = add nuw i64 %j74.0, 1
  br label %for.cond75

for.body138:
  %mul139 = mul nsw i64 %i134.0, %dst_row
  %add141 = add nsw i64 %mul139, %mul140
  %add.ptr143.idx = shl nsw i64 %add141, 3
  %add.ptr143 = getelementptr inbounds i8, ptr %dst, i64 %add.ptr143.idx
  %arrayidx146.idx = shl nuw nsw i64 %i134.0, 3
  %arrayidx146 = getelementptr inbounds nuw i8, ptr %vla11, i64 %arrayidx146.idx
  %arrayidx150 = getelementptr inbounds nuw i8, ptr %arrayidx146, i64 4
  %28 = load float, ptr %arrayidx150, align 4
  %29 = load <2 x float>, ptr %arrayidx146, align 8
  %30 = fneg float %28
  %31 = shufflevector <2 x float> %29, <2 x float> poison, <2 x i32> <i32 poison, i32 0>
  %32 = insertelement <2 x float> %31, float %30, i64 0
  %33 = fmul <2 x float> %6, %32
  %34 = tail call <2 x float> @llvm.fmuladd.v2f32(<2 x float> %4, <2 x float> %29, <2 x float> %33)
  br i1 %read, label %if.then162, label %if.end181

if.then162:
  %35 = load float, ptr %add.ptr143, align 4
  %arrayidx168 = getelementptr inbounds nuw i8, ptr %add.ptr143, i64 4
  %36 = load float, ptr %arrayidx168, align 4
  %fneg169 = fneg float %36
  %cond173 = select i1 %conj_dst, float %fneg169, float %36
  %37 = fneg float %cond173
  %38 = insertelement <2 x float> poison, float %37, i64 0
  %39 = insertelement <2 x float> %38, float %35, i64 1
  %40 = fmul <2 x float> %10, %39
  %41 = insertelement <2 x float> poison, float %35, i64 0
  %42 = insertelement <2 x float> %41, float %cond173, i64 1
  %43 = tail call <2 x float> @llvm.fmuladd.v2f32(<2 x float> %8, <2 x float> %42, <2 x float> %40)
  %44 = fadd <2 x float> %34, %43
  br label %if.end181

if.end181:
  %45 = phi <2 x float> [ %44, %if.then162 ], [ %34, %for.body138 ]
  store <2 x float> %45, ptr %add.ptr143, align 4
  %inc185 = add nuw i64 %i134.0, 1
  br label %for.cond135

return:
  ret void
}

declare i64 @llvm.smax.i64(i64, i64)

declare <2 x double> @llvm.fmuladd.v2f64(<2 x double>, <2 x double>, <2 x double>)

declare <2 x float> @llvm.fmuladd.v2f32(<2 x float>, <2 x float>, <2 x float>)
