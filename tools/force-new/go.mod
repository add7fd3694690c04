module plinth/tools/force-new

go 1.26.0
