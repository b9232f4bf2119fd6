# What fal's clients see, over real sockets, with the scripted worker.
if(TARGET fake_worker AND TARGET tintype_server)
    foreach(test tst_call_records tst_wire_calls tst_wire_files tst_wire_sockets tst_wire_webhooks)
        tintype_add_test(NAME ${test} LABEL integration TIMEOUT 120
            SOURCES "${CMAKE_SOURCE_DIR}/tests/integration/${test}.cpp" "${CMAKE_SOURCE_DIR}/tests/integration/wire_fixture.cpp"
            LIBS tintype_server nlohmann_json::nlohmann_json)
        if(TARGET ${test})
            target_compile_definitions(${test} PRIVATE FAKE_WORKER="$<TARGET_FILE:fake_worker>")
            add_dependencies(${test} fake_worker)
        endif()
    endforeach()
endif()
