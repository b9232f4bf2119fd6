# The command line against a real `tintype serve` with the scripted worker.
if(TARGET fake_worker AND TARGET tintype)
    tintype_add_test(NAME tst_cli_host LABEL integration TIMEOUT 300
        SOURCES "${CMAKE_SOURCE_DIR}/tests/integration/tst_cli_host.cpp" LIBS Qt6::Network)
    if(TARGET tst_cli_host)
        target_compile_definitions(tst_cli_host PRIVATE
            FAKE_WORKER="$<TARGET_FILE:fake_worker>" TINTYPE_PROGRAM="$<TARGET_FILE:tintype>")
        add_dependencies(tst_cli_host fake_worker tintype)
    endif()
endif()
