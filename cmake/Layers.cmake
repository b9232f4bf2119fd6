# Folder = layer = target = namespace, and arrows point down only.
#
#   tintype_add_library(NAME LAYER n SOURCES ... [PUBLIC ...] [PRIVATE ...])
#   tintype_add_program(NAME LAYER n SOURCES ... [PRIVATE ...])
#
# Both record the layer; at the end of configure every link from a layer to the same or a higher one stops the build.

function(_tintype_set_up target layer)
    set_target_properties(${target} PROPERTIES TINTYPE_LAYER ${layer})
    set_property(GLOBAL APPEND PROPERTY TINTYPE_LAYERED_TARGETS ${target})
    target_link_libraries(${target} PRIVATE tintype_warnings)
    target_link_libraries(${target} PUBLIC tintype_flags tintype_sanitizers)
endfunction()

function(tintype_add_library target)
    cmake_parse_arguments(ARG "" "LAYER" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${target} STATIC ${ARG_SOURCES})
    _tintype_set_up(${target} ${ARG_LAYER})
    target_link_libraries(${target} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

function(tintype_add_program target)
    cmake_parse_arguments(ARG "" "LAYER" "SOURCES;PRIVATE" ${ARGN})
    add_executable(${target} ${ARG_SOURCES})
    _tintype_set_up(${target} ${ARG_LAYER})
    target_link_libraries(${target} PRIVATE ${ARG_PRIVATE})
endfunction()

function(_tintype_check_layers)
    get_property(targets GLOBAL PROPERTY TINTYPE_LAYERED_TARGETS)
    foreach(target IN LISTS targets)
        get_target_property(layer ${target} TINTYPE_LAYER)
        get_target_property(links ${target} LINK_LIBRARIES)
        foreach(link IN LISTS links)
            if(NOT TARGET ${link})
                continue()
            endif()
            get_target_property(link_layer ${link} TINTYPE_LAYER)
            if(link_layer MATCHES "^[0-9]+$" AND NOT link_layer LESS layer)
                message(FATAL_ERROR
                    "layer violation: ${target} (layer ${layer}) links ${link} (layer ${link_layer}); arrows point down only")
            endif()
        endforeach()
    endforeach()
endfunction()

cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _tintype_check_layers)
