# The store under kill -9, and with as much in it as a busy host collects.
foreach(name store_crash store_large)
    tintype_add_test(NAME tst_${name} LABEL integration TIMEOUT 180
        SOURCES "${CMAKE_SOURCE_DIR}/tests/integration/tst_${name}.cpp" LIBS tintype_store)
endforeach()
